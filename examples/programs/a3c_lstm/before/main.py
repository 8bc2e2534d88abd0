"""A3C with an LSTM. The workers take turns, so that a run can be repeated."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim

GAMMA, N_S, N_A, UNITS = 0.9, 3, 2, 6


def update_target_graph(from_scope, to_scope):
    from_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, from_scope)
    to_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, to_scope)
    return [to_var.assign(from_var) for from_var, to_var in zip(from_vars, to_vars)]


def discount(x):
    total, discounted = 0.0, []
    for value in x[::-1]:
        total = value + GAMMA * total
        discounted.append(total)
    return np.array(discounted[::-1])


def normalized_columns_initializer(std=1.0):
    def _initializer(shape, dtype=None, partition_info=None):
        out = np.cos(np.arange(np.prod(shape))).reshape(shape).astype(np.float32)
        out *= std / np.sqrt(np.square(out).sum(axis=0, keepdims=True))
        return tf.constant(out)
    return _initializer


class AC_Network():
    def __init__(self, scope, trainer):
        with tf.variable_scope(scope):
            self.inputs = tf.placeholder(shape=[None, N_S], dtype=tf.float32)
            hidden = slim.fully_connected(self.inputs, 8, activation_fn=tf.nn.elu)

            lstm_cell = tf.contrib.rnn.BasicLSTMCell(UNITS, state_is_tuple=True)
            c_init = np.zeros((1, lstm_cell.state_size.c), np.float32)
            h_init = np.zeros((1, lstm_cell.state_size.h), np.float32)
            self.state_init = [c_init, h_init]
            c_in = tf.placeholder(tf.float32, [1, lstm_cell.state_size.c])
            h_in = tf.placeholder(tf.float32, [1, lstm_cell.state_size.h])
            self.state_in = (c_in, h_in)
            rnn_in = tf.expand_dims(hidden, [0])
            step_size = tf.shape(self.inputs)[:1]
            state_in = tf.contrib.rnn.LSTMStateTuple(c_in, h_in)
            lstm_outputs, lstm_state = tf.nn.dynamic_rnn(
                lstm_cell, rnn_in, initial_state=state_in, sequence_length=step_size,
                time_major=False)
            lstm_c, lstm_h = lstm_state
            self.state_out = (lstm_c[:1, :], lstm_h[:1, :])
            rnn_out = tf.reshape(lstm_outputs, [-1, UNITS])

            self.policy = slim.fully_connected(
                rnn_out, N_A, activation_fn=tf.nn.softmax,
                weights_initializer=normalized_columns_initializer(0.01), biases_initializer=None)
            self.value = slim.fully_connected(
                rnn_out, 1, activation_fn=None,
                weights_initializer=normalized_columns_initializer(1.0), biases_initializer=None)

            if scope != 'global':
                self.actions = tf.placeholder(shape=[None], dtype=tf.int32)
                self.actions_onehot = tf.one_hot(self.actions, N_A, dtype=tf.float32)
                self.target_v = tf.placeholder(shape=[None], dtype=tf.float32)
                self.advantages = tf.placeholder(shape=[None], dtype=tf.float32)
                self.responsible = tf.reduce_sum(self.policy * self.actions_onehot, [1])
                self.value_loss = 0.5 * tf.reduce_sum(
                    tf.square(self.target_v - tf.reshape(self.value, [-1])))
                self.entropy = -tf.reduce_sum(self.policy * tf.log(self.policy))
                self.policy_loss = -tf.reduce_sum(tf.log(self.responsible) * self.advantages)
                self.loss = 0.5 * self.value_loss + self.policy_loss - self.entropy * 0.01
                local_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope)
                self.gradients = tf.gradients(self.loss, local_vars)
                self.var_norms = tf.global_norm(local_vars)
                grads, self.grad_norms = tf.clip_by_global_norm(self.gradients, 40.0)
                global_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, 'global')
                self.apply_grads = trainer.apply_gradients(zip(grads, global_vars))


class Worker():
    def __init__(self, number, trainer):
        self.name = 'worker_%d' % number
        self.rng = np.random.RandomState(number)
        self.local_AC = AC_Network(self.name, trainer)
        self.update_local_ops = update_target_graph('global', self.name)

    def episode(self, sess):
        sess.run(self.update_local_ops)
        ac, state = self.local_AC, self.local_AC.state_init
        observations, actions, rewards, values = [], [], [], []
        before = 0
        for _ in range(5):
            lamp = self.rng.randint(0, 2)
            s = np.array([lamp, 1 - lamp, before])
            policy, value, state = sess.run([ac.policy, ac.value, ac.state_out], {
                ac.inputs: [s], ac.state_in[0]: state[0], ac.state_in[1]: state[1]})
            action = int(self.rng.rand() < policy[0, 1])
            rewards.append(1.0 if action == before else -0.2)
            observations.append(s)
            actions.append(action)
            values.append(value[0, 0])
            before = lamp
        rewards, values = np.array(rewards), np.array(values + [0.0])
        advantages = discount(rewards + GAMMA * values[1:] - values[:-1])
        feed = {ac.target_v: discount(rewards), ac.inputs: np.vstack(observations),
                ac.actions: actions, ac.advantages: advantages,
                ac.state_in[0]: ac.state_init[0], ac.state_in[1]: ac.state_init[1]}
        losses = sess.run([ac.value_loss, ac.policy_loss, ac.entropy, ac.grad_norms,
                           ac.var_norms, ac.apply_grads], feed)
        return losses[0]


def main():
    tf.reset_default_graph()
    tf.set_random_seed(5)
    trainer = tf.train.AdamOptimizer(learning_rate=1e-2)
    AC_Network('global', None)
    workers = [Worker(i, trainer) for i in range(2)]
    saver = tf.train.Saver(max_to_keep=2)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for episode in range(3):
            for worker in workers:
                loss = worker.episode(sess)
        print('value loss %.3f' % loss)
        saver.save(sess, 'model/model-%d.cptk' % episode)


if __name__ == '__main__':
    main()
