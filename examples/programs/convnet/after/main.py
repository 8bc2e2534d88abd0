"""Tell three kinds of stripes apart with a small convolutional network."""
import getter_compat
import numpy as np
import tensorflow as tf

BATCH = 12
STEPS = 12


def make_images(n, seed):
    """Stripes, columns and checks, with noise."""
    rng = np.random.RandomState(seed)
    labels = rng.randint(0, 3, n)
    rows, columns = np.indices((10, 10))
    patterns = np.stack([rows % 2, columns % 2, (rows + columns) % 2]).astype(np.float32)
    images = patterns[labels] + 0.3 * rng.randn(n, 10, 10)
    return images[..., None].astype(np.float32), labels.astype(np.int64)


def conv_bn_relu(x, filters, is_training, name):
    with getter_compat.getter_scope(name):
        x = getter_compat.layers.conv2d(x, filters, 3, padding='same', use_bias=False,
                                        kernel_initializer=tf.compat.v1.variance_scaling_initializer())
        x = getter_compat.layers.batch_normalization(x, training=is_training, momentum=0.9)
        return tf.nn.relu(x)


def network(images, is_training, scope='network'):
    with getter_compat.getter_scope(scope):
        x = conv_bn_relu(images, 4, is_training, 'block1')
        x = getter_compat.layers.max_pooling2d(x, 2, 2)
        x = conv_bn_relu(x, 6, is_training, 'block2')
        x = getter_compat.layers.flatten(x)
        x = getter_compat.layers.dropout(x, rate=0.25, training=is_training)
        return getter_compat.layers.dense(x, 3, name='logits')


def main():
    tf.compat.v1.set_random_seed(1)
    images = tf.compat.v1.placeholder(tf.float32, [None, 10, 10, 1], name='images')
    labels = tf.compat.v1.placeholder(tf.int64, [None], name='labels')
    is_training = tf.compat.v1.placeholder(tf.bool, [], name='is_training')

    logits = network(images, is_training)
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    correct = tf.equal(tf.argmax(logits, 1), labels)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

    global_step = tf.compat.v1.train.get_or_create_global_step()
    update_ops = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops):
        train_op = tf.compat.v1.train.MomentumOptimizer(0.02, 0.9).minimize(loss, global_step=global_step)

    train_x, train_y = make_images(BATCH * STEPS, seed=0)
    test_x, test_y = make_images(30, seed=1)

    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
        for step in range(STEPS):
            batch = slice(step * BATCH, (step + 1) * BATCH)
            feed = {images: train_x[batch], labels: train_y[batch], is_training: True}
            _, value = sess.run([train_op, loss], feed)
            if step % 4 == 3:
                feed = {images: test_x, labels: test_y, is_training: False}
                test_loss, test_accuracy = sess.run([loss, accuracy], feed)
                print('step %d: loss %.4f, test loss %.4f, test accuracy %.3f'
                      % (sess.run(global_step), value, test_loss, test_accuracy))
        scores = sess.run(logits, {images: test_x[:4], is_training: False})
        print(np.argmax(scores, axis=1), test_y[:4])
        saver = tf.compat.v1.train.Saver()
        saver.save(sess, './convnet', global_step=global_step)


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
