"""REINFORCE with a learned baseline, in a corridor."""

import numpy as np
import tensorflow as tf


class Corridor:
    length = 5

    def reset(self):
        self.place, self.time = 2, 0
        return self.observe()

    def observe(self):
        return np.eye(self.length, dtype=np.float32)[self.place]

    def step(self, action):
        self.place = min(max(self.place + (1 if action == 1 else -1), 0), self.length - 1)
        self.time += 1
        done = self.place == self.length - 1 or self.time >= 6
        return self.observe(), float(self.place == self.length - 1), done


def discount(rewards, gamma):
    total, result = 0.0, []
    for reward in rewards[::-1]:
        total = reward + gamma * total
        result.append(total)
    return np.array(result[::-1], np.float32)


class Agent:
    def __init__(self, observations, actions):
        self.states = tf.placeholder(tf.float32, [None, observations], name="states")
        self.taken = tf.placeholder(tf.int32, [None], name="actions")
        self.returns = tf.placeholder(tf.float32, [None], name="returns")
        with tf.variable_scope("policy"):
            hidden = tf.layers.dense(self.states, 8, activation=tf.nn.tanh, name="h")
            logits = tf.layers.dense(hidden, actions, name="logits")
        with tf.variable_scope("baseline"):
            value = tf.squeeze(
                tf.layers.dense(tf.layers.dense(self.states, 8, tf.nn.relu), 1), axis=1
            )
        self.sample = tf.squeeze(tf.multinomial(logits, 1), axis=1)
        log_prob = tf.reduce_sum(tf.one_hot(self.taken, actions) * tf.nn.log_softmax(logits), 1)
        advantage = tf.stop_gradient(self.returns - value)
        entropy = -tf.reduce_mean(
            tf.reduce_sum(tf.nn.softmax(logits) * tf.nn.log_softmax(logits), 1)
        )
        self.policy_loss = -tf.reduce_mean(log_prob * advantage) - 0.01 * entropy
        self.value_loss = tf.losses.mean_squared_error(self.returns, value)
        loss = self.policy_loss + 0.5 * self.value_loss
        self.train = tf.train.RMSPropOptimizer(0.01, decay=0.99).minimize(loss)


tf.set_random_seed(5)
env = Corridor()
agent = Agent(env.length, 2)
sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
for episode in range(5):
    states, actions, rewards = [], [], []
    state, done = env.reset(), False
    while not done:
        action = sess.run(agent.sample, {agent.states: [state]})[0]
        states.append(state)
        actions.append(action)
        state, reward, done = env.step(action)
        rewards.append(reward)
    feed = {agent.states: states, agent.taken: actions, agent.returns: discount(rewards, 0.9)}
    sess.run(agent.train, feed)
    print(
        "episode %d: policy %.4f value %.4f"
        % ((episode,) + tuple(sess.run([agent.policy_loss, agent.value_loss], feed)))
    )
sess.close()
