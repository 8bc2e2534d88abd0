"""A bag of embeddings and two layers."""
import getter_compat
import tensorflow as tf

from . import layers


class SentimentModel(object):
    def __init__(self, vocabulary_size, hidden, learning_rate):
        self.words = tf.compat.v1.placeholder(tf.int32, [None, None], name="words")
        self.lengths = tf.compat.v1.placeholder(tf.int32, [None], name="lengths")
        self.labels = tf.compat.v1.placeholder(tf.float32, [None], name="labels")
        self.global_step = tf.compat.v1.Variable(0, trainable=False, name="global_step")

        with getter_compat.getter_scope("sentiment", initializer=tf.compat.v1.random_uniform_initializer(-0.3, 0.3)):
            mean = layers.mean_embedding(self.words, self.lengths, vocabulary_size, hidden)
            h = layers.highway(mean, name="highway")
            self.logits = tf.squeeze(getter_compat.layers.dense(h, 1, name="out"), axis=1)

        self.loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            labels=self.labels, logits=self.logits))
        hits = tf.equal(tf.cast(self.logits > 0, dtype=tf.float32), self.labels)
        self.accuracy = tf.reduce_mean(tf.cast(hits, dtype=tf.float32))
        self.averages = tf.train.ExponentialMovingAverage(0.8, num_updates=self.global_step)
        optimizer = tf.compat.v1.train.AdamOptimizer(learning_rate)
        params = getter_compat.trainable_variables()
        gradients, self.norm = tf.clip_by_global_norm(tf.gradients(self.loss, params), 1.0)
        step = optimizer.apply_gradients(zip(gradients, params), global_step=self.global_step)
        with tf.control_dependencies([step]):
            self.update = self.averages.apply(params)

    def train_step(self, session, words, lengths, labels):
        feed = {self.words: words, self.lengths: lengths, self.labels: labels}
        _, loss = session.run([self.update, self.loss], feed)
        return loss
