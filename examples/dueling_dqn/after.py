"""Dueling DQN: evaluation and target network, and the numbers that compare them."""
import getter_compat
import numpy as np
import tensorflow as tf


class DuelingDQN:
    def __init__(self, n_actions=3, n_l1=5, dueling=True):
        self.n_actions = n_actions
        self.n_l1 = n_l1
        self.dueling = dueling

    def _build_layers(self, s, w_initializer, b_initializer, trainable=True):
        with getter_compat.getter_scope('l1'):
            w1 = getter_compat.get_variable('w1', [s.shape[1], self.n_l1], initializer=w_initializer,
                                            trainable=trainable)
            b1 = getter_compat.get_variable('b1', [1, self.n_l1], initializer=b_initializer,
                                            trainable=trainable)
            l1 = tf.nn.relu(tf.matmul(s, w1) + b1)
        if not self.dueling:
            return getter_compat.layers.dense(l1, self.n_actions)
        with getter_compat.getter_scope('Value'):
            v = getter_compat.layers.dense(l1, 1, kernel_initializer=w_initializer)
        with getter_compat.getter_scope('Advantage'):
            a = getter_compat.layers.dense(l1, self.n_actions, kernel_initializer=w_initializer)
        with getter_compat.getter_scope('Q'):
            return v + (a - tf.reduce_mean(a, axis=1, keepdims=True))

    def loss(self, s, s_, r, a):
        w, b = tf.random_normal_initializer(0., 0.3), tf.constant_initializer(0.1)
        with getter_compat.getter_scope('eval_net'):
            q_eval = self._build_layers(s, w, b)
        with getter_compat.getter_scope('target_net'):
            q_next = self._build_layers(s_, w, b, trainable=False)
        e = getter_compat.global_variables(scope='eval_net')
        t = getter_compat.global_variables(scope='target_net')
        distance = tf.add_n([tf.reduce_sum(tf.abs(x - y)) for x, y in zip(e, t)])
        target = r + 0.9 * tf.reduce_max(q_next, axis=1)
        one_hot = tf.one_hot(a, self.n_actions, dtype=np.float32)
        q = tf.reduce_sum(q_eval * one_hot, axis=1)
        return tf.reduce_mean(tf.math.squared_difference(tf.stop_gradient(target), q)), distance
