"""A GAN on a ring of points: spectral norm, hinge loss, an averaged generator."""
import getter_compat
import numpy as np
import tensorflow as tf

flags = tf.compat.v1.app.flags
flags.DEFINE_integer("steps", 10, "training steps")
flags.DEFINE_integer("batch_size", 16, "points in a batch")
flags.DEFINE_float("lr", 2e-3, "learning rate of both optimizers")
FLAGS = flags.FLAGS


def ring(n):
    angle = np.random.uniform(0, 2 * np.pi, n)
    points = np.stack([np.cos(angle), np.sin(angle)], 1)
    return (points + 0.05 * np.random.randn(n, 2)).astype(np.float32)


def spectral_norm(w, iterations=1):
    """Divide by the largest singular value, which power iteration follows."""
    shape = w.shape.as_list()
    w_mat = tf.reshape(w, [-1, shape[-1]])
    with getter_compat.getter_scope(w.op.name.split("/")[-1] + "_sn", reuse=getter_compat.AUTO_REUSE):
        u = getter_compat.get_variable("u", [1, shape[-1]], initializer=tf.compat.v1.truncated_normal_initializer(),
                                       trainable=False)
    u_hat, v_hat = u, None
    for _ in range(iterations):
        v_hat = tf.nn.l2_normalize(tf.matmul(u_hat, w_mat, transpose_b=True))
        u_hat = tf.nn.l2_normalize(tf.matmul(v_hat, w_mat))
    u_hat = tf.stop_gradient(u_hat)
    v_hat = tf.stop_gradient(v_hat)
    sigma = tf.squeeze(tf.matmul(tf.matmul(v_hat, w_mat), u_hat, transpose_b=True))
    tf.compat.v1.add_to_collection("SPECTRAL_NORM_UPDATE_OPS", u.assign(u_hat))
    return tf.reshape(w_mat / sigma, shape)


def sn_getter(getter, name, *args, **kwargs):
    w = getter(name, *args, **kwargs)
    if name.endswith("kernel"):
        return spectral_norm(w)
    return w


def ema_getter(ema):
    def averaged(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        average = ema.average(var)
        return average if average is not None else var
    return averaged


def generator(z, reuse=False, getter=None):
    with getter_compat.getter_scope("generator", reuse=reuse, custom_getter=getter):
        h = getter_compat.layers.dense(z, 12, activation=tf.nn.relu, name="fc1")
        h = getter_compat.layers.dense(h, 12, activation=tf.nn.relu, name="fc2")
        return getter_compat.layers.dense(h, 2, name="out")


def discriminator(x, reuse=False):
    with getter_compat.getter_scope("discriminator", reuse=reuse, custom_getter=sn_getter):
        h = getter_compat.layers.dense(x, 12, activation=tf.nn.leaky_relu, name="fc1")
        h = getter_compat.layers.dense(h, 12, activation=tf.nn.leaky_relu, name="fc2")
        return getter_compat.layers.dense(h, 1, name="out")


def main(_):
    np.random.seed(3)
    tf.compat.v1.set_random_seed(3)
    x = tf.compat.v1.placeholder(tf.float32, [None, 2], "x")
    z = tf.compat.v1.placeholder(tf.float32, [None, 4], "z")

    fake = generator(z)
    d_real = discriminator(x)
    d_fake = discriminator(fake, reuse=True)

    d_loss = tf.reduce_mean(tf.nn.relu(1 - d_real)) + tf.reduce_mean(tf.nn.relu(1 + d_fake))
    g_loss = -tf.reduce_mean(d_fake)

    t_vars = getter_compat.trainable_variables()
    d_vars = [var for var in t_vars if var.name.startswith("discriminator")]
    g_vars = [var for var in t_vars if var.name.startswith("generator")]

    d_train = tf.compat.v1.train.AdamOptimizer(FLAGS.lr, beta1=0.5, name="d_adam").minimize(
        d_loss, var_list=d_vars)
    g_step = tf.compat.v1.train.AdamOptimizer(FLAGS.lr, beta1=0.5, name="g_adam").minimize(
        g_loss, var_list=g_vars)
    ema = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([g_step]):
        g_train = ema.apply(g_vars)
    sn_updates = tf.compat.v1.get_collection("SPECTRAL_NORM_UPDATE_OPS")
    sampler = generator(z, reuse=True, getter=ema_getter(ema))

    sess = tf.compat.v1.Session()
    sess.run(tf.compat.v1.global_variables_initializer())
    fixed_z = np.random.randn(6, 4).astype(np.float32)
    for step in range(FLAGS.steps):
        for _ in range(2):
            batch_z = np.random.randn(FLAGS.batch_size, 4)
            _, d_value = sess.run([d_train, d_loss], {x: ring(FLAGS.batch_size), z: batch_z})
            sess.run(sn_updates)
        batch_z = np.random.randn(FLAGS.batch_size, 4)
        _, g_value = sess.run([g_train, g_loss], feed_dict={z: batch_z})
        if step % 3 == 0:
            print("[%2d] d_loss: %.5f, g_loss: %.5f" % (step, d_value, g_value))
    samples = sess.run(sampler, {z: fixed_z})
    print("mean distance from the centre: %.4f" % np.mean(np.linalg.norm(samples, axis=1)))
    tf.compat.v1.train.Saver(g_vars + [ema.average(v) for v in g_vars]).save(sess, "checkpoint/generator")
    sess.close()


if __name__ == "__main__":
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.app.run()
