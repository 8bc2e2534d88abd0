"""Matrix factorisation; what is recommended comes from averages of the factors."""

import os

import numpy as np
import tensorflow as tf

USERS, ITEMS, RANK = 7, 9, 3

rng = np.random.RandomState(8)
ratings = [
    (u, i, float(rng.randint(1, 6))) for u in range(USERS) for i in range(ITEMS) if rng.rand() < 0.6
]


class Factorization:
    def __init__(self, user, item, rating, step):
        with tf.variable_scope("mf", regularizer=lambda w: 0.02 * tf.nn.l2_loss(w)):
            users = tf.get_variable(
                "users", [USERS, RANK], initializer=tf.glorot_uniform_initializer(seed=3)
            )
            items = tf.get_variable(
                "items", [ITEMS, RANK], initializer=tf.glorot_uniform_initializer(seed=4)
            )
            user_bias = tf.get_variable("user_bias", [USERS], initializer=tf.zeros_initializer())
            item_bias = tf.get_variable("item_bias", [ITEMS], initializer=tf.zeros_initializer())
            mean = tf.get_variable(
                "mean", [], initializer=tf.constant_initializer(3.0), regularizer=None
            )
        dot = tf.reduce_sum(tf.gather(users, user) * tf.gather(items, item), 1)
        self.predicted = dot + tf.gather(user_bias, user) + tf.gather(item_bias, item) + mean
        self.loss = tf.reduce_mean(tf.squared_difference(self.predicted, rating))
        total = self.loss + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
        step_op = tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True).minimize(
            total, global_step=step
        )
        self.averages = tf.train.ExponentialMovingAverage(0.95, step)
        with tf.control_dependencies([step_op]):
            self.train = self.averages.apply(tf.trainable_variables())


user = tf.placeholder(tf.int32, [None])
item = tf.placeholder(tf.int32, [None])
rating = tf.placeholder(tf.float32, [None])
step = tf.Variable(0, trainable=False, name="step")
model = Factorization(user, item, rating, step)
saver = tf.train.Saver()
averaged = tf.train.Saver(model.averages.variables_to_restore())

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        for start in range(0, len(ratings), 8):
            u, i, r = zip(*ratings[start : start + 8])
            sess.run(model.train, {user: u, item: i, rating: r})
        u, i, r = zip(*ratings)
        print("epoch %d: %.4f" % (epoch, sess.run(model.loss, {user: u, item: i, rating: r})))
    if not os.path.isdir("factors"):
        os.makedirs("factors")
    path = saver.save(sess, "factors/model.ckpt", global_step=step)

with tf.Session() as sess:
    averaged.restore(sess, path)
    print("averaged: %.4f" % sess.run(model.loss, {user: u, item: i, rating: r}))
