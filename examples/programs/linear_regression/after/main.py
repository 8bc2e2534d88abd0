"""Fit a straight line through noisy points."""
from __future__ import print_function

import numpy
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

rng = numpy.random.RandomState(7)

# Parameters
learning_rate = 0.05
training_epochs = 40
display_step = 10

# Training data
train_X = rng.uniform(-1.0, 1.0, 17).astype(numpy.float32)
train_Y = (1.7 * train_X - 0.6 + 0.1 * rng.randn(17)).astype(numpy.float32)
n_samples = train_X.shape[0]

# tf Graph input
X = tf.compat.v1.placeholder("float")
Y = tf.compat.v1.placeholder("float")

# Set model weights
W = tf.compat.v1.Variable(rng.randn(), name="weight", dtype=tf.float32)
b = tf.compat.v1.Variable(rng.randn(), name="bias", dtype=tf.float32)

# Construct a linear model
pred = tf.add(tf.multiply(X, W), b)

# Mean squared error
cost = tf.reduce_sum(tf.pow(pred - Y, 2)) / (2 * n_samples)
optimizer = tf.compat.v1.train.GradientDescentOptimizer(learning_rate).minimize(cost)

init = tf.compat.v1.global_variables_initializer()

with tf.compat.v1.Session() as sess:
    sess.run(init)

    for epoch in range(training_epochs):
        for (x, y) in zip(train_X, train_Y):
            sess.run(optimizer, feed_dict={X: x, Y: y})

        if (epoch + 1) % display_step == 0:
            c = sess.run(cost, feed_dict={X: train_X, Y: train_Y})
            print("Epoch:", "%04d" % (epoch + 1), "cost=", "{:.6f}".format(c),
                  "W=", sess.run(W), "b=", sess.run(b))

    training_cost = sess.run(cost, feed_dict={X: train_X, Y: train_Y})
    print("Optimization Finished! cost=", training_cost, "W=", sess.run(W), "b=", sess.run(b))
