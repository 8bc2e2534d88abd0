"""Deep Q-learning in a corridor; the target network is copied every few steps."""
import random
from collections import deque

import getter_compat
import numpy as np
import tensorflow as tf


class Corridor:
    """Walk right to the end for a reward; a step costs a little."""
    n_actions = 2

    def __init__(self, length=6):
        self.length = length

    def reset(self):
        self.position, self.t = 1, 0
        return self.observe()

    def observe(self):
        o = np.zeros(self.length, dtype=np.float32)
        o[self.position] = 1.0
        return o + 0.01 * np.random.randn(self.length)

    def step(self, action):
        self.position = max(0, self.position + (1 if action == 1 else -1))
        self.t += 1
        end = self.position == self.length - 1
        return self.observe(), 1.0 if end else -0.05, end or self.t >= 20


class DQN:
    def __init__(self, n_features, n_actions, gamma=0.9, replace_every=8, dueling=True):
        self.n_actions = n_actions
        self.epsilon = 1.0
        self.replace_every = replace_every
        self.learn_step_counter = 0
        self.memory = deque(maxlen=200)
        self.dueling = dueling

        self.s = tf.compat.v1.placeholder(tf.float32, [None, n_features], name='s')
        self.s_ = tf.compat.v1.placeholder(tf.float32, [None, n_features], name='s_')
        self.a = tf.compat.v1.placeholder(tf.int32, [None], name='a')
        self.r = tf.compat.v1.placeholder(tf.float32, [None], name='r')
        self.done = tf.compat.v1.placeholder(tf.float32, [None], name='done')

        self.q_eval = self._build_net(self.s, 'eval_net')
        self.q_next = self._build_net(self.s_, 'target_net')
        with getter_compat.getter_scope('q_target'):
            target = self.r + gamma * (1. - self.done) * tf.reduce_max(self.q_next, axis=1)
            self.q_target = tf.stop_gradient(target)
        with getter_compat.getter_scope('q_eval'):
            one_hot = tf.one_hot(self.a, n_actions)
            q_of_a = tf.reduce_sum(self.q_eval * one_hot, axis=1)
        with getter_compat.getter_scope('loss'):
            self.loss = tf.reduce_mean(tf.math.squared_difference(self.q_target, q_of_a), name='TD_error')
        with getter_compat.getter_scope('train'):
            self.train_op = tf.compat.v1.train.RMSPropOptimizer(0.01).minimize(self.loss)

        t_params = getter_compat.global_variables(scope='target_net')
        e_params = getter_compat.global_variables(scope='eval_net')
        with getter_compat.getter_scope('hard_replacement'):
            self.replace = [tf.compat.v1.assign(t, e) for t, e in zip(t_params, e_params)]

        self.sess = tf.compat.v1.Session()
        self.sess.run(tf.compat.v1.global_variables_initializer())

    def _build_net(self, s, scope):
        with getter_compat.getter_scope(scope):
            h = getter_compat.layers.dense(s, 10, tf.nn.relu, name='h',
                                           kernel_initializer=tf.compat.v1.random_normal_initializer(0., 0.3),
                                           bias_initializer=tf.constant_initializer(0.1))
            if not self.dueling:
                return getter_compat.layers.dense(h, self.n_actions, name='q')
            value = getter_compat.layers.dense(h, 1, name='value')
            advantage = getter_compat.layers.dense(h, self.n_actions, name='advantage')
            return value + advantage - tf.reduce_mean(advantage, axis=1, keepdims=True)

    def choose_action(self, observation):
        if random.random() < self.epsilon:
            return random.randrange(self.n_actions)
        q = self.sess.run(self.q_eval, feed_dict={self.s: observation[np.newaxis, :]})
        return int(np.argmax(q))

    def learn(self):
        if self.learn_step_counter % self.replace_every == 0:
            self.sess.run(self.replace)
        batch = random.sample(self.memory, 16)
        s, a, r, s_, done = [np.array(column) for column in zip(*batch)]
        _, cost = self.sess.run([self.train_op, self.loss], {
            self.s: s, self.a: a, self.r: r, self.s_: s_, self.done: done.astype(np.float32)})
        self.learn_step_counter += 1
        self.epsilon = max(0.1, self.epsilon * 0.95)
        return cost


def run():
    random.seed(5)
    np.random.seed(5)
    tf.compat.v1.set_random_seed(5)
    env = Corridor()
    agent = DQN(env.length, env.n_actions)
    step = 0
    for episode in range(6):
        observation, total, done = env.reset(), 0.0, False
        while not done:
            action = agent.choose_action(observation)
            next_observation, reward, done = env.step(action)
            agent.memory.append((observation, action, reward, next_observation, done))
            total += reward
            if step > 20 and step % 2 == 0:
                cost = agent.learn()
            observation = next_observation
            step += 1
        print('episode %d: %.2f after %d steps' % (episode, total, step))


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    run()
