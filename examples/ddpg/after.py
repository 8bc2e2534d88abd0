"""Actor and critic with target networks that are moving averages of their weights."""
import getter_compat
import tensorflow as tf

TAU = 0.1
GAMMA = 0.9
ema = tf.train.ExponentialMovingAverage(decay=1 - TAU)


def build_actor(s, reuse=None, custom_getter=None):
    trainable = True if reuse is None else False
    with getter_compat.getter_scope('Actor', reuse=reuse, custom_getter=custom_getter):
        net = getter_compat.layers.dense(s, 8, activation=tf.nn.relu, name='l1', trainable=trainable)
        a = getter_compat.layers.dense(net, 2, activation=tf.nn.tanh, name='a', trainable=trainable)
        return tf.multiply(a, 2.0, name='scaled_a')


def build_critic(s, a, reuse=None, custom_getter=None):
    trainable = True if reuse is None else False
    with getter_compat.getter_scope('Critic', reuse=reuse, custom_getter=custom_getter):
        w1_s = getter_compat.get_variable('w1_s', [3, 8], trainable=trainable)
        w1_a = getter_compat.get_variable('w1_a', [2, 8], trainable=trainable)
        b1 = getter_compat.get_variable('b1', [1, 8], trainable=trainable)
        net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
        return getter_compat.layers.dense(net, 1, trainable=trainable)


def model(s, r, s_):
    a = build_actor(s)
    q = build_critic(s, a)
    a_params = getter_compat.trainable_variables(scope='Actor')
    c_params = getter_compat.trainable_variables(scope='Critic')

    def ema_getter(getter, name, *args, **kwargs):
        return ema.average(getter(name, *args, **kwargs)).read_value()

    with tf.control_dependencies([ema.apply(a_params), ema.apply(c_params)]):
        a_ = build_actor(s_, reuse=True, custom_getter=ema_getter)
        q_ = build_critic(s_, a_, reuse=True, custom_getter=ema_getter)
        q_target = r + GAMMA * q_
    td_error = tf.compat.v1.losses.mean_squared_error(labels=q_target, predictions=q)
    a_loss = -tf.reduce_mean(q)
    return {'q': q, 'q_target': q_target, 'td_error': td_error, 'a_loss': a_loss}
