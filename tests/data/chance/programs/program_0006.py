import numpy as np
import tensorflow as tf

tf.set_random_seed(8)
rng = np.random.RandomState(20)
data = rng.uniform(-1, 1, [8, 6, 6, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
dataset = tf.data.Dataset.from_tensor_slices((data, labels)).repeat().batch(4)
x, y = dataset.make_one_shot_iterator().get_next()
is_training = True
step = tf.train.create_global_step()
h = x
with tf.variable_scope("net1"):
    h = tf.layers.dropout(h, 0.3, training=is_training, name="drop2")
h = tf.reduce_mean(h, axis=[1, 2])
out = tf.layers.dense(h, 2, name='out')
loss = tf.losses.huber_loss(y, out)
loss = loss + tf.losses.get_regularization_loss()
optimizer = tf.train.GradientDescentOptimizer(tf.train.exponential_decay(0.02, step, 2, 0.7, staircase=True))
train = optimizer.minimize(loss, global_step=step)
sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
tf.local_variables_initializer().run()
for i in range(4):
    sess.run(train)
    values = sess.run([loss, out])
    print('%.2f' % (0.0 * values[0]))
loss.eval()
sess.close()
