"""A small CNN; its learning rate decays by steps."""

import numpy as np
import tensorflow as tf
from tensorflow import layers

IMAGE, CLASSES, BATCH = 8, 3, 6

rng = np.random.RandomState(0)
images = rng.rand(24, IMAGE, IMAGE, 1).astype(np.float32)
labels = (images[:, :4].mean((1, 2, 3)) * 6).astype(np.int32) % CLASSES


def inference(x, is_training, keep_prob):
    net = x
    for i, filters in enumerate([4, 6]):
        with tf.variable_scope("block%d" % i):
            net = layers.conv2d(net, filters, 3, padding="same", use_bias=False)
            net = layers.batch_normalization(net, momentum=0.9, training=is_training, fused=True)
            net = layers.max_pooling2d(tf.nn.relu(net), 2, 2)
    net = tf.nn.dropout(layers.flatten(net), keep_prob, seed=7)
    return layers.dense(net, CLASSES, name="logits")


def main():
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [None, IMAGE, IMAGE, 1])
    y = tf.placeholder(tf.int32, [None])
    is_training = tf.placeholder(tf.bool)
    keep_prob = tf.placeholder(tf.float32)
    logits = inference(x, is_training, keep_prob)
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(cross_entropy, name="loss")
    global_step = tf.train.get_or_create_global_step()
    learning_rate = tf.train.exponential_decay(0.05, global_step, 3, 0.5, staircase=True)
    tf.summary.scalar("learning_rate", learning_rate)
    tf.summary.scalar("loss", loss)
    opt = tf.train.GradientDescentOptimizer(learning_rate)
    grads = opt.compute_gradients(loss)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = opt.apply_gradients(grads, global_step=global_step)
    correct = tf.nn.in_top_k(logits, y, 1)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    merged = tf.summary.merge_all()

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        writer = tf.summary.FileWriter("logs", sess.graph)
        for epoch in range(2):
            for start in range(0, len(images), BATCH):
                feed = {x: images[start : start + BATCH], y: labels[start : start + BATCH]}
                feed.update({is_training: True, keep_prob: 0.8})
                sess.run(train_op, feed)
            feed = {x: images, y: labels, is_training: False, keep_prob: 1.0}
            summary, value = sess.run([merged, loss], feed)
            writer.add_summary(summary, epoch)
            print("epoch %d: loss %.4f" % (epoch, value))
        writer.close()
        print(sess.run(accuracy, feed) >= 0.0)


main()
