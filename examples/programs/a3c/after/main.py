"""Asynchronous advantage actor-critic. The workers take turns, so that a run can be repeated."""
import threading

import getter_compat
import numpy as np
import tensorflow as tf

N_WORKERS = 2
MAX_EPISODES = 3
N_S, N_A = 3, 2
GAMMA = 0.9
ENTROPY_BETA = 0.01


class Bandit(object):
    """Which lamp is on says which button pays."""

    def __init__(self, seed):
        self.rng = np.random.RandomState(seed)

    def observe(self):
        self.lamp = self.rng.randint(0, 2)
        return np.array([self.lamp, 1 - self.lamp, 0.5]) + 0.05 * self.rng.randn(3)

    def press(self, button):
        return 1.0 if button == self.lamp else -0.2


class ACNet(object):
    def __init__(self, scope, sess, optimizers=None, globalAC=None):
        self.sess = sess
        with getter_compat.getter_scope(scope):
            self.s = tf.compat.v1.placeholder(tf.float32, [None, N_S], 'S')
            self.a_prob, self.v, self.a_params, self.c_params = self._build_net(scope)
            if globalAC is None:
                return
            self.a_his = tf.compat.v1.placeholder(tf.int32, [None], 'A')
            self.v_target = tf.compat.v1.placeholder(tf.float32, [None, 1], 'Vtarget')
            td = tf.subtract(self.v_target, self.v, name='TD_error')
            with tf.name_scope('c_loss'):
                self.c_loss = tf.reduce_mean(tf.square(td))
            with tf.name_scope('a_loss'):
                log_prob = tf.reduce_sum(
                    tf.math.log(self.a_prob + 1e-5) * tf.one_hot(self.a_his, N_A, dtype=tf.float32),
                    axis=1, keepdims=True)
                exp_v = log_prob * tf.stop_gradient(td)
                entropy = -tf.reduce_sum(self.a_prob * tf.math.log(self.a_prob + 1e-5),
                                         axis=1, keepdims=True)
                self.a_loss = tf.reduce_mean(-(ENTROPY_BETA * entropy + exp_v))
            with tf.name_scope('local_grad'):
                self.a_grads = tf.gradients(self.a_loss, self.a_params)
                self.c_grads = tf.gradients(self.c_loss, self.c_params)
            with tf.name_scope('sync'):
                with tf.name_scope('pull'):
                    self.pull_a = [l.assign(g) for l, g in zip(self.a_params, globalAC.a_params)]
                    self.pull_c = [l.assign(g) for l, g in zip(self.c_params, globalAC.c_params)]
                with tf.name_scope('push'):
                    self.update_a = optimizers[0].apply_gradients(
                        zip(self.a_grads, globalAC.a_params))
                    self.update_c = optimizers[1].apply_gradients(
                        zip(self.c_grads, globalAC.c_params))

    def _build_net(self, scope):
        w_init = tf.compat.v1.random_normal_initializer(0., .1)
        with getter_compat.getter_scope('actor'):
            l_a = getter_compat.layers.dense(self.s, 8, tf.nn.relu6, kernel_initializer=w_init, name='la')
            a_prob = getter_compat.layers.dense(l_a, N_A, tf.nn.softmax, kernel_initializer=w_init, name='ap')
        with getter_compat.getter_scope('critic'):
            l_c = getter_compat.layers.dense(self.s, 8, tf.nn.relu6, kernel_initializer=w_init, name='lc')
            v = getter_compat.layers.dense(l_c, 1, kernel_initializer=w_init, name='v')
        a_params = getter_compat.trainable_variables(scope=scope + '/actor')
        c_params = getter_compat.trainable_variables(scope=scope + '/critic')
        return a_prob, v, a_params, c_params

    def update_global(self, feed_dict):
        self.sess.run([self.update_a, self.update_c], feed_dict)

    def pull_global(self):
        self.sess.run([self.pull_a, self.pull_c])

    def choose_action(self, s, rng):
        prob = self.sess.run(self.a_prob, feed_dict={self.s: s[np.newaxis, :]})
        return int(rng.rand() < prob[0, 1])


class Worker(object):
    def __init__(self, number, sess, globalAC, optimizers, turn, next_turn, results):
        self.env = Bandit(number)
        self.rng = np.random.RandomState(100 + number)
        self.AC = ACNet('W_%i' % number, sess, optimizers, globalAC)
        self.turn, self.next_turn, self.results = turn, next_turn, results

    def work(self, coord):
        for _ in range(MAX_EPISODES):
            self.turn.acquire()
            if not coord.should_stop():
                self.results.append(self.episode())
            self.next_turn.release()

    def episode(self):
        states, actions, rewards = [], [], []
        for _ in range(6):
            s = self.env.observe()
            a = self.AC.choose_action(s, self.rng)
            states.append(s)
            actions.append(a)
            rewards.append(self.env.press(a))
        v_target, value = [], 0.0
        for r in rewards[::-1]:
            value = r + GAMMA * value
            v_target.insert(0, value)
        feed_dict = {
            self.AC.s: np.vstack(states),
            self.AC.a_his: np.array(actions),
            self.AC.v_target: np.vstack(v_target),
        }
        self.AC.update_global(feed_dict)
        self.AC.pull_global()
        return sum(rewards)


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.set_random_seed(4)
    SESS = tf.compat.v1.Session()
    with tf.device('/cpu:0'):
        OPTIMIZERS = (tf.compat.v1.train.RMSPropOptimizer(0.01, name='RMSPropA'),
                      tf.compat.v1.train.RMSPropOptimizer(0.02, name='RMSPropC'))
        GLOBAL_AC = ACNet('Global_Net', SESS)
        RESULTS = []
        turns = [threading.Semaphore(0) for _ in range(N_WORKERS)]
        workers = [Worker(i, SESS, GLOBAL_AC, OPTIMIZERS, turns[i], turns[(i + 1) % N_WORKERS],
                          RESULTS) for i in range(N_WORKERS)]
    COORD = tf.train.Coordinator()
    SESS.run(tf.compat.v1.global_variables_initializer())

    threads = []
    for worker in workers:
        t = threading.Thread(target=lambda worker=worker: worker.work(COORD))
        t.start()
        threads.append(t)
    turns[0].release()
    COORD.join(threads)
    print('rewards: ' + ' '.join('%.1f' % r for r in RESULTS))
    print(sorted(v.name for v in getter_compat.trainable_variables() if v.name.startswith('Global_Net')))
