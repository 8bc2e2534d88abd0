"""A global network and workers' copies of it."""
import getter_compat
import tensorflow as tf


class ACNet(object):
    def __init__(self, n_actions=3):
        self.n_actions = n_actions

    def _build_net(self, scope, s):
        w_init = tf.random_normal_initializer(0., .1)
        with getter_compat.getter_scope('actor'):
            l_a = getter_compat.layers.dense(s, 6, tf.nn.relu6, kernel_initializer=w_init, name='la')
            a_prob = getter_compat.layers.dense(l_a, self.n_actions, tf.nn.softmax,
                                                kernel_initializer=w_init, name='ap')
        with getter_compat.getter_scope('critic'):
            l_c = getter_compat.layers.dense(s, 5, tf.nn.relu6, kernel_initializer=w_init, name='lc')
            v = getter_compat.layers.dense(l_c, 1, kernel_initializer=w_init, name='v')
        a_params = getter_compat.trainable_variables(scope=scope + '/actor')
        c_params = getter_compat.trainable_variables(scope=scope + '/critic')
        return a_prob, v, a_params, c_params

    def build(self, s, v_target):
        with getter_compat.getter_scope('Global_Net'):
            _, _, ga_params, gc_params = self._build_net('Global_Net', s)
        losses = []
        for i in range(2):
            name = 'W_%i' % i
            with getter_compat.getter_scope(name):
                a_prob, v, a_params, c_params = self._build_net(name, s)
                td = tf.subtract(v_target, v, name='TD_error')
                c_loss = tf.reduce_mean(tf.square(td))
                entropy = -tf.reduce_sum(a_prob * tf.math.log(a_prob + 1e-5), axis=1, keepdims=True)
                losses.append(c_loss - 0.01 * tf.reduce_mean(entropy))
        distance = tf.add_n([tf.reduce_sum(tf.square(g - p))
                             for g, p in zip(ga_params + gc_params, a_params + c_params)])
        return losses, distance
