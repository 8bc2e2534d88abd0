"""DDPG on a point that is pushed along a line. The targets are moving averages of the networks."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

###############################  hyper parameters  ####################
EPISODES = 3
EP_STEPS = 12
LR_A = 0.002
LR_C = 0.004
GAMMA = 0.9
TAU = 0.05
MEMORY_CAPACITY = 60
BATCH_SIZE = 8


class Point(object):
    s_dim, a_dim, a_bound = 2, 1, 2.0

    def reset(self):
        self.x, self.v = np.random.uniform(-1, 1), 0.0
        return np.array([self.x, self.v])

    def step(self, a):
        self.v = 0.9 * self.v + 0.1 * float(np.clip(a, -self.a_bound, self.a_bound)[0])
        self.x += self.v
        return np.array([self.x, self.v]), -abs(self.x), False


class DDPG(object):
    def __init__(self, a_dim, s_dim, a_bound):
        self.memory = np.zeros((MEMORY_CAPACITY, s_dim * 2 + a_dim + 1), dtype=np.float32)
        self.pointer = 0
        self.sess = tf.compat.v1.Session()
        self.a_dim, self.s_dim, self.a_bound = a_dim, s_dim, a_bound
        self.S = tf.compat.v1.placeholder(tf.float32, [None, s_dim], 's')
        self.S_ = tf.compat.v1.placeholder(tf.float32, [None, s_dim], 's_')
        self.R = tf.compat.v1.placeholder(tf.float32, [None, 1], 'r')

        self.a = self._build_a(self.S)
        q = self._build_c(self.S, self.a)
        a_params = getter_compat.trainable_variables(scope='Actor')
        c_params = getter_compat.trainable_variables(scope='Critic')
        ema = tf.train.ExponentialMovingAverage(decay=1 - TAU)

        def ema_getter(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        self.target_update = [ema.apply(a_params), ema.apply(c_params)]
        a_ = self._build_a(self.S_, reuse=True, custom_getter=ema_getter)
        q_ = self._build_c(self.S_, a_, reuse=True, custom_getter=ema_getter)

        a_loss = -tf.reduce_mean(q)
        self.atrain = tf.compat.v1.train.AdamOptimizer(LR_A).minimize(a_loss, var_list=a_params)
        q_target = self.R + GAMMA * q_
        self.td_error = tf.compat.v1.losses.mean_squared_error(labels=q_target, predictions=q)
        self.ctrain = tf.compat.v1.train.AdamOptimizer(LR_C).minimize(self.td_error, var_list=c_params)
        self.sess.run(tf.compat.v1.global_variables_initializer())

    def choose_action(self, s):
        return self.sess.run(self.a, {self.S: s[np.newaxis, :]})[0]

    def learn(self):
        indices = np.random.choice(MEMORY_CAPACITY, size=BATCH_SIZE)
        bt = self.memory[indices, :]
        bs = bt[:, :self.s_dim]
        ba = bt[:, self.s_dim: self.s_dim + self.a_dim]
        br = bt[:, -self.s_dim - 1: -self.s_dim]
        bs_ = bt[:, -self.s_dim:]
        self.sess.run(self.atrain, {self.S: bs})
        self.sess.run(self.ctrain, {self.S: bs, self.a: ba, self.R: br, self.S_: bs_})
        self.sess.run(self.target_update)
        return self.sess.run(self.td_error, {self.S: bs, self.a: ba, self.R: br, self.S_: bs_})

    def store_transition(self, s, a, r, s_):
        self.memory[self.pointer % MEMORY_CAPACITY, :] = np.hstack((s, a, [r], s_))
        self.pointer += 1

    def _build_a(self, s, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with getter_compat.getter_scope('Actor', reuse=reuse, custom_getter=custom_getter):
            net = getter_compat.layers.dense(s, 10, activation=tf.nn.relu, name='l1', trainable=trainable)
            a = getter_compat.layers.dense(net, self.a_dim, activation=tf.nn.tanh, name='a',
                                           trainable=trainable)
            return tf.multiply(a, self.a_bound, name='scaled_a')

    def _build_c(self, s, a, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with getter_compat.getter_scope('Critic', reuse=reuse, custom_getter=custom_getter):
            n_l1 = 10
            w1_s = getter_compat.get_variable('w1_s', [self.s_dim, n_l1], trainable=trainable)
            w1_a = getter_compat.get_variable('w1_a', [self.a_dim, n_l1], trainable=trainable)
            b1 = getter_compat.get_variable('b1', [1, n_l1], trainable=trainable)
            net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
            return getter_compat.layers.dense(net, 1, trainable=trainable)


np.random.seed(1)
tf.compat.v1.set_random_seed(1)
env = Point()
ddpg = DDPG(env.a_dim, env.s_dim, env.a_bound)
var = 1.0
while ddpg.pointer < MEMORY_CAPACITY:
    if ddpg.pointer % EP_STEPS == 0:
        s = env.reset()
    a = np.random.uniform(-2, 2, env.a_dim)
    s_, r, _ = env.step(a)
    ddpg.store_transition(s, a, r, s_)
    s = s_
for i in range(EPISODES):
    s = env.reset()
    ep_reward = 0
    for j in range(EP_STEPS):
        a = np.clip(np.random.normal(ddpg.choose_action(s), var), -2, 2)
        s_, r, done = env.step(a)
        ddpg.store_transition(s, a, r / 10, s_)
        if j % 3 == 2:
            error = ddpg.learn()
            var *= .995
        s = s_
        ep_reward += r
    print('Episode:', i, ' Reward: %.3f' % ep_reward, 'Explore: %.2f' % var, 'TD: %.4f' % error)
