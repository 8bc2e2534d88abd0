"""Policy gradient: gradients are computed for each episode, summed up, and applied together."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

H, BATCH, GAMMA, D = 8, 2, 0.95, 4


class CartPole:
    def reset(self):
        self.state = np.random.uniform(-0.05, 0.05, 4)
        self.t = 0
        return self.state

    def step(self, action):
        x, x_dot, theta, theta_dot = self.state
        force = 10.0 if action == 1 else -10.0
        sin, cos = np.sin(theta), np.cos(theta)
        temp = (force + 0.05 * theta_dot ** 2 * sin) / 1.1
        theta_acc = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos ** 2 / 1.1))
        x_acc = temp - 0.05 * theta_acc * cos / 1.1
        self.state = self.state + 0.02 * np.array([x_dot, x_acc, theta_dot, theta_acc])
        self.t += 1
        done = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2 or self.t >= 12
        return self.state, 1.0, done


def discount_rewards(r):
    discounted_r = np.zeros_like(r)
    running_add = 0
    for t in reversed(range(r.size)):
        running_add = running_add * GAMMA + r[t]
        discounted_r[t] = running_add
    return discounted_r


tf.compat.v1.reset_default_graph()
tf.compat.v1.set_random_seed(41)
np.random.seed(41)

observations = tf.compat.v1.placeholder(tf.float32, [None, D], name="input_x")
W1 = getter_compat.get_variable("W1", shape=[D, H], initializer=tf.compat.v1.glorot_uniform_initializer())
layer1 = tf.nn.relu(tf.matmul(observations, W1))
W2 = getter_compat.get_variable("W2", shape=[H, 1], initializer=tf.compat.v1.glorot_uniform_initializer())
probability = tf.nn.sigmoid(tf.matmul(layer1, W2))

tvars = getter_compat.trainable_variables()
input_y = tf.compat.v1.placeholder(tf.float32, [None, 1], name="input_y")
advantages = tf.compat.v1.placeholder(tf.float32, name="reward_signal")
loglik = tf.math.log(input_y * (input_y - probability) + (1 - input_y) * (input_y + probability))
loss = -tf.reduce_mean(loglik * advantages)
newGrads = tf.gradients(loss, tvars)

adam = tf.compat.v1.train.AdamOptimizer(learning_rate=1e-2)
W1Grad = tf.compat.v1.placeholder(tf.float32, name="batch_grad1")
W2Grad = tf.compat.v1.placeholder(tf.float32, name="batch_grad2")
updateGrads = adam.apply_gradients(zip([W1Grad, W2Grad], tvars))

env = CartPole()
init = tf.compat.v1.global_variables_initializer()
with tf.compat.v1.Session() as sess:
    sess.run(init)
    gradBuffer = sess.run(tvars)
    for ix, grad in enumerate(gradBuffer):
        gradBuffer[ix] = grad * 0
    total = 0
    for episode in range(1, 7):
        xs, drs, ys = [], [], []
        observation, done = env.reset(), False
        while not done:
            x = np.reshape(observation, [1, D])
            tfprob = sess.run(probability, feed_dict={observations: x})
            action = 1 if np.random.uniform() < tfprob[0, 0] else 0
            xs.append(x)
            ys.append(1 - action)
            observation, reward, done = env.step(action)
            drs.append(reward)
            total += reward
        discounted = discount_rewards(np.vstack(drs))
        discounted -= np.mean(discounted)
        discounted /= np.std(discounted)
        tGrad = sess.run(newGrads, feed_dict={observations: np.vstack(xs), input_y: np.vstack(ys),
                                              advantages: discounted})
        for ix, grad in enumerate(tGrad):
            gradBuffer[ix] += grad
        if episode % BATCH == 0:
            sess.run(updateGrads, feed_dict={W1Grad: gradBuffer[0], W2Grad: gradBuffer[1]})
            for ix, grad in enumerate(gradBuffer):
                gradBuffer[ix] = grad * 0
            print('Average reward for episode %.1f.' % (total / BATCH))
            total = 0
