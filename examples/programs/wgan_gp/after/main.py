import functools

import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

LAMBDA, CRITIC_ITERS, BATCH = 10.0, 2, 10
dense = functools.partial(getter_compat.layers.dense, kernel_initializer=tf.compat.v1.initializers.he_normal(seed=3))


def generator(noise):
    with getter_compat.getter_scope('Generator', reuse=getter_compat.AUTO_REUSE):
        h = dense(noise, 12, activation=tf.nn.relu)
        return dense(h, 2)


def critic(x):
    with getter_compat.getter_scope('Critic', reuse=getter_compat.AUTO_REUSE):
        h = dense(x, 12, activation=tf.nn.tanh)
        return tf.reshape(dense(h, 1), [-1])


tf.compat.v1.set_random_seed(51)
np.random.seed(51)
real = tf.compat.v1.placeholder(tf.float32, [BATCH, 2])
fake = generator(tf.random.normal([BATCH, 3]))
disc_real, disc_fake = critic(real), critic(fake)
disc_cost = tf.reduce_mean(disc_fake) - tf.reduce_mean(disc_real)
gen_cost = -tf.reduce_mean(disc_fake)

alpha = tf.random.uniform(shape=[BATCH, 1], minval=0., maxval=1.)
interpolates = real + alpha * (fake - real)
gradients = tf.gradients(critic(interpolates), [interpolates])[0]
slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=[1]))
gradient_penalty = tf.reduce_mean((slopes - 1) ** 2)
disc_cost += LAMBDA * gradient_penalty

disc_params = getter_compat.trainable_variables('Critic')
gen_params = getter_compat.trainable_variables('Generator')
disc_train_op = tf.compat.v1.train.AdamOptimizer(1e-3, beta1=0.5, beta2=0.9).minimize(
    disc_cost, var_list=disc_params)
gen_train_op = tf.compat.v1.train.AdamOptimizer(1e-3, beta1=0.5, beta2=0.9).minimize(
    gen_cost, var_list=gen_params)
clip = [p.assign(tf.clip_by_value(p, -2.0, 2.0)) for p in disc_params]

with tf.compat.v1.Session() as session:
    session.run(tf.compat.v1.global_variables_initializer())
    for iteration in range(8):
        if iteration > 0:
            session.run(gen_train_op)
        for _ in range(CRITIC_ITERS):
            data = np.random.randn(BATCH, 2) * [1.0, 0.3] + [2.0, 0.0]
            session.run(disc_train_op, {real: data})
            session.run(clip)
            cost, penalty = session.run([disc_cost, gradient_penalty], {real: data})
        if iteration % 3 == 0:
            print('iteration %d: critic %.4f, penalty %.4f' % (iteration, cost, penalty))
