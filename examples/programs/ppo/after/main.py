"""Proximal policy optimization, clipped, on a pendulum that only has to stand still."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

EP_MAX = 3
EP_LEN = 16
BATCH = 8
UPDATE_STEPS = 2
S_DIM, A_DIM = 3, 1


def pendulum(state, action):
    theta, speed = state
    u = float(np.clip(action, -2.0, 2.0)[0])
    speed = speed + (7.5 * np.sin(theta) + 3.0 * u) * 0.05
    theta = theta + speed * 0.05
    reward = -(np.arctan2(np.sin(theta), np.cos(theta)) ** 2 + 0.1 * speed ** 2 + 0.001 * u ** 2)
    return (theta, speed), reward


def observe(state):
    return np.array([np.cos(state[0]), np.sin(state[0]), state[1]])


class PPO(object):
    def __init__(self):
        self.sess = tf.compat.v1.Session()
        self.tfs = tf.compat.v1.placeholder(tf.float32, [None, S_DIM], 'state')

        with getter_compat.getter_scope('critic'):
            l1 = getter_compat.layers.dense(self.tfs, 12, tf.nn.relu)
            self.v = getter_compat.layers.dense(l1, 1)
            self.tfdc_r = tf.compat.v1.placeholder(tf.float32, [None, 1], 'discounted_r')
            self.advantage = self.tfdc_r - self.v
            self.closs = tf.reduce_mean(tf.square(self.advantage))
            self.ctrain_op = tf.compat.v1.train.AdamOptimizer(0.002).minimize(self.closs)

        pi, pi_params = self._build_anet('pi', trainable=True)
        oldpi, oldpi_params = self._build_anet('oldpi', trainable=False)
        with getter_compat.getter_scope('sample_action'):
            self.sample_op = tf.squeeze(pi.sample(1), axis=0)
        with getter_compat.getter_scope('update_oldpi'):
            self.update_oldpi_op = [oldp.assign(p) for p, oldp in zip(pi_params, oldpi_params)]

        self.tfa = tf.compat.v1.placeholder(tf.float32, [None, A_DIM], 'action')
        self.tfadv = tf.compat.v1.placeholder(tf.float32, [None, 1], 'advantage')
        with getter_compat.getter_scope('loss'):
            with getter_compat.getter_scope('surrogate'):
                ratio = tf.exp(pi.log_prob(self.tfa) - oldpi.log_prob(self.tfa))
                surr = ratio * self.tfadv
            clipped = tf.clip_by_value(ratio, 0.8, 1.2) * self.tfadv
            self.aloss = -tf.reduce_mean(tf.minimum(surr, clipped))
            self.aloss -= 0.01 * tf.reduce_mean(pi.entropy())
        with getter_compat.getter_scope('atrain'):
            self.atrain_op = tf.compat.v1.train.AdamOptimizer(0.001).minimize(self.aloss)
        self.sess.run(tf.compat.v1.global_variables_initializer())

    def _build_anet(self, name, trainable):
        with getter_compat.getter_scope(name):
            l1 = getter_compat.layers.dense(self.tfs, 12, tf.nn.relu, trainable=trainable)
            mu = 2 * getter_compat.layers.dense(l1, A_DIM, tf.nn.tanh, trainable=trainable)
            sigma = getter_compat.layers.dense(l1, A_DIM, tf.nn.softplus, trainable=trainable)
            norm_dist = tf.compat.v1.distributions.Normal(loc=mu, scale=sigma + 1e-3)
        params = getter_compat.global_variables(scope=name)
        return norm_dist, params

    def update(self, s, a, r):
        self.sess.run(self.update_oldpi_op)
        adv = self.sess.run(self.advantage, {self.tfs: s, self.tfdc_r: r})
        for _ in range(UPDATE_STEPS):
            self.sess.run(self.atrain_op, {self.tfs: s, self.tfa: a, self.tfadv: adv})
        for _ in range(UPDATE_STEPS):
            self.sess.run(self.ctrain_op, {self.tfs: s, self.tfdc_r: r})
        return self.sess.run([self.aloss, self.closs], {
            self.tfs: s, self.tfa: a, self.tfadv: adv, self.tfdc_r: r})

    def choose_action(self, s):
        a = self.sess.run(self.sample_op, {self.tfs: s[np.newaxis, :]})[0]
        return np.clip(a, -2, 2)

    def get_v(self, s):
        return self.sess.run(self.v, {self.tfs: s[np.newaxis, :]})[0, 0]


np.random.seed(2)
tf.compat.v1.set_random_seed(2)
ppo = PPO()
for ep in range(EP_MAX):
    state = (np.random.uniform(-np.pi, np.pi), np.random.uniform(-1, 1))
    buffer_s, buffer_a, buffer_r, ep_r = [], [], [], 0
    for t in range(EP_LEN):
        s = observe(state)
        a = ppo.choose_action(s)
        state, r = pendulum(state, a)
        buffer_s.append(s)
        buffer_a.append(a)
        buffer_r.append((r + 8) / 8)
        ep_r += r
        if (t + 1) % BATCH == 0:
            v_s_ = ppo.get_v(observe(state))
            discounted_r = []
            for reward in buffer_r[::-1]:
                v_s_ = reward + 0.9 * v_s_
                discounted_r.insert(0, v_s_)
            losses = ppo.update(np.vstack(buffer_s), np.vstack(buffer_a),
                                np.array(discounted_r)[:, np.newaxis])
            buffer_s, buffer_a, buffer_r = [], [], []
    print('Ep: %i |Ep_r: %.2f |losses: %.4f %.4f' % (ep, ep_r, losses[0], losses[1]))
