"""Skip-gram word vectors with NCE loss."""
from __future__ import division, print_function

import collections
import random

import numpy as np
import tensorflow as tf

words = ("one two three four five six seven eight nine ten " * 6 +
         "red green blue red blue green " * 6).split()
random.seed(2)

count = collections.Counter(words).most_common()
dictionary = {word: i for i, (word, _) in enumerate(count)}
reverse_dictionary = {i: word for word, i in dictionary.items()}
data = [dictionary[word] for word in words]
data_index = 0


def generate_batch(batch_size, num_skips, skip_window):
    global data_index
    batch = np.ndarray(shape=(batch_size), dtype=np.int32)
    labels = np.ndarray(shape=(batch_size, 1), dtype=np.int32)
    span = 2 * skip_window + 1
    buffer = collections.deque(maxlen=span)
    for _ in range(span):
        buffer.append(data[data_index])
        data_index = (data_index + 1) % len(data)
    for i in range(batch_size // num_skips):
        targets = [w for w in range(span) if w != skip_window]
        random.shuffle(targets)
        for j, target in enumerate(targets[:num_skips]):
            batch[i * num_skips + j] = buffer[skip_window]
            labels[i * num_skips + j, 0] = buffer[target]
        buffer.append(data[data_index])
        data_index = (data_index + 1) % len(data)
    return batch, labels


batch_size, embedding_size, num_sampled = 16, 6, 4
vocabulary_size = len(dictionary)
valid_examples = np.array([dictionary[w] for w in ('one', 'red', 'five')])

graph = tf.Graph()
with graph.as_default():
    tf.compat.v1.set_random_seed(31)
    train_inputs = tf.compat.v1.placeholder(tf.int32, shape=[batch_size])
    train_labels = tf.compat.v1.placeholder(tf.int32, shape=[batch_size, 1])
    valid_dataset = tf.constant(valid_examples, dtype=tf.int32)

    with tf.device('/cpu:0'):
        embeddings = tf.compat.v1.Variable(
            tf.random.uniform([vocabulary_size, embedding_size], -1.0, 1.0))
        embed = tf.nn.embedding_lookup(embeddings, train_inputs)
        nce_weights = tf.compat.v1.Variable(
            tf.random.truncated_normal([vocabulary_size, embedding_size],
                                       stddev=1.0 / np.sqrt(embedding_size)))
        nce_biases = tf.compat.v1.Variable(tf.zeros([vocabulary_size]))
    loss = tf.reduce_mean(
        tf.nn.nce_loss(weights=nce_weights, biases=nce_biases, labels=train_labels, inputs=embed,
                       num_sampled=num_sampled, num_classes=vocabulary_size))
    optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.5).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized_embeddings = embeddings / norm
    valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, valid_dataset)
    similarity = tf.matmul(valid_embeddings, normalized_embeddings, transpose_b=True)
    init = tf.compat.v1.initialize_all_variables()

with tf.compat.v1.Session(graph=graph) as session:
    init.run()
    average_loss = 0
    for step in range(24):
        batch_inputs, batch_labels = generate_batch(batch_size, 2, 1)
        feed_dict = {train_inputs: batch_inputs, train_labels: batch_labels}
        _, loss_val = session.run([optimizer, loss], feed_dict=feed_dict)
        average_loss += loss_val
        if step % 8 == 7:
            print('Average loss at step', step, ': %.4f' % (average_loss / 8))
            average_loss = 0
    sim = similarity.eval()
    for i, example in enumerate(valid_examples):
        nearest = (-sim[i, :]).argsort()[1:3]
        print('Nearest to %s:' % reverse_dictionary[example],
              ', '.join(reverse_dictionary[k] for k in nearest))
    final_embeddings = normalized_embeddings.eval()
