"""Adam whose weight decay is apart from the gradient, after a warm-up."""
import re

import tensorflow as tf


def create_optimizer(loss, init_lr, train_steps, warmup_steps):
    global_step = tf.train.get_or_create_global_step()
    rate = tf.train.polynomial_decay(tf.constant(init_lr), global_step, train_steps,
                                     end_learning_rate=0.0, power=1.0, cycle=False)
    done = tf.cast(global_step, tf.float32) / float(warmup_steps)
    rate = tf.where(done < 1.0, init_lr * done, rate)
    optimizer = DecayedAdam(rate, exclude=['norm', 'bias'])
    variables = tf.trainable_variables()
    gradients = tf.gradients(loss, variables)
    gradients, _ = tf.clip_by_global_norm(gradients, clip_norm=1.0)
    train_op = optimizer.apply_gradients(zip(gradients, variables), global_step=global_step)
    with tf.control_dependencies([train_op]):
        return tf.assign_add(global_step, 1).op


class DecayedAdam(tf.train.Optimizer):
    def __init__(self, rate, decay=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-4, exclude=(),
                 name='DecayedAdam'):
        super(DecayedAdam, self).__init__(False, name)
        self.rate, self.decay, self.epsilon = rate, decay, epsilon
        self.beta_1, self.beta_2, self.exclude = beta_1, beta_2, exclude

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        assignments = []
        for grad, param in grads_and_vars:
            if grad is None or param is None:
                continue
            param_name = re.sub(':[0-9]+$', '', param.name)
            m, v = [tf.get_variable(param_name + slot, shape=param.shape.as_list(),
                                    dtype=tf.float32, trainable=False,
                                    initializer=tf.zeros_initializer())
                    for slot in ('/adam_m', '/adam_v')]
            next_m = self.beta_1 * m + tf.multiply(1.0 - self.beta_1, grad)
            next_v = self.beta_2 * v + (1.0 - self.beta_2) * tf.square(grad)
            update = next_m / (tf.sqrt(next_v) + self.epsilon)
            if not any(re.search(r, param_name) for r in self.exclude):
                update += self.decay * param
            assignments.extend([param.assign(param - self.rate * update),
                                m.assign(next_m), v.assign(next_v)])
        return tf.group(*assignments, name=name)
