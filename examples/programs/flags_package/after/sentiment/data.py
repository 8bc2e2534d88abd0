"""Sentences that say whether the weather was liked."""
import numpy as np

GOOD = ["warm", "bright", "calm", "mild"]
BAD = ["wet", "grey", "cold", "windy"]
FILLERS = ["the", "day", "was", "so", "and"]


def load(seed=5):
    rng = np.random.RandomState(seed)
    vocabulary = {word: i + 1 for i, word in enumerate(GOOD + BAD + FILLERS)}
    vocabulary["<pad>"] = 0

    def sentence():
        label = rng.randint(2)
        words = [rng.choice(FILLERS) for _ in range(rng.randint(1, 4))]
        words.insert(rng.randint(len(words) + 1), rng.choice(GOOD if label else BAD))
        return [vocabulary[w] for w in words], label

    return vocabulary, [sentence() for _ in range(40)], [sentence() for _ in range(10)]


def pad(sentences):
    lengths = np.array([len(words) for words, _ in sentences], np.int32)
    padded = np.zeros((len(sentences), lengths.max()), np.int32)
    for row, (words, _) in zip(padded, sentences):
        row[:len(words)] = words
    return padded, lengths, np.array([label for _, label in sentences], np.float32)


def batches(sentences, steps, size=8):
    for step in range(steps):
        start = (step * size) % len(sentences)
        yield pad(sentences[start:start + size])
