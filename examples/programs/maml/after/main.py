"""Learn to learn sine waves: gradients through the gradient step of the inner loop."""
import getter_compat
import numpy as np
import tensorflow as tf

flags = tf.compat.v1.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_integer('metatrain_iterations', 8, 'number of metatraining iterations.')
flags.DEFINE_float('meta_lr', 0.005, 'the base learning rate of the outer loop')
flags.DEFINE_float('update_lr', 0.05, 'step size alpha of the inner update.')
flags.DEFINE_integer('num_updates', 2, 'inner gradient steps')


def sine_batch(tasks, shots):
    amplitude = np.random.uniform(0.5, 2.0, [tasks, 1, 1])
    phase = np.random.uniform(0, np.pi, [tasks, 1, 1])
    x = np.random.uniform(-3, 3, [tasks, 2 * shots, 1])
    return x, amplitude * np.sin(x - phase)


def forward(x, weights=None):
    """With `weights`, layers read those in place of their variables."""
    def adapted(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        return var if weights is None else weights[name]

    with getter_compat.getter_scope('model', reuse=getter_compat.AUTO_REUSE, custom_getter=adapted):
        h = getter_compat.layers.dense(x, 10, tf.nn.tanh, name='w1')
        h = getter_compat.layers.dense(h, 10, tf.nn.tanh, name='w2')
        return getter_compat.layers.dense(h, 1, name='w3')


def mse(pred, label):
    return tf.reduce_mean(tf.square(pred - label))


def task_losses(inputs):
    xa, ya, xb, yb = inputs
    names = {v.op.name: v for v in getter_compat.trainable_variables('model')}
    weights = dict(names)
    losses_b = []
    for _ in range(FLAGS.num_updates):
        loss = mse(forward(xa, weights), ya)
        grads = dict(zip(weights, tf.gradients(loss, list(weights.values()))))
        weights = {k: weights[k] - FLAGS.update_lr * grads[k] for k in weights}
        losses_b.append(mse(forward(xb, weights), yb))
    return losses_b


def main(_):
    np.random.seed(61)
    tf.compat.v1.set_random_seed(61)
    tasks, shots = 3, 5
    x = tf.compat.v1.placeholder(tf.float32, [tasks, 2 * shots, 1])
    y = tf.compat.v1.placeholder(tf.float32, [tasks, 2 * shots, 1])
    forward(x[0])
    per_task = [task_losses((x[i, :shots], y[i, :shots], x[i, shots:], y[i, shots:]))
                for i in range(tasks)]
    total_losses = [tf.add_n([losses[j] for losses in per_task]) / float(tasks)
                    for j in range(FLAGS.num_updates)]
    optimizer = tf.compat.v1.train.AdamOptimizer(FLAGS.meta_lr)
    gvs = optimizer.compute_gradients(total_losses[-1])
    gvs = [(tf.clip_by_value(grad, -10, 10), var) for grad, var in gvs]
    metatrain_op = optimizer.apply_gradients(gvs)
    with tf.compat.v1.Session() as sess:
        tf.compat.v1.global_variables_initializer().run()
        for itr in range(FLAGS.metatrain_iterations):
            batch_x, batch_y = sine_batch(tasks, shots)
            result = sess.run([metatrain_op] + total_losses, {x: batch_x, y: batch_y})
            if itr % 3 == 0:
                print('Iteration %d: %s' % (itr, ', '.join('%.4f' % v for v in result[1:])))


if __name__ == "__main__":
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.app.run()
