"""`tf.contrib.learn.preprocessing`: documents as rows of numbers, with TensorFlow 1's numbers."""

from __future__ import annotations

import collections
import io
import itertools
import os
import pickle
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, cast

import numpy as np
import tensorflow as tf

Ids = np.ndarray[Any, Any]

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|['\w\-]+", re.UNICODE)


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """Take documents apart into words, as TensorFlow 1 did: `CamelCase` is two.

    Args:
        iterator: The documents.

    Yields:
        The words of each.

    Examples:
        >>> list(tokenizer(["A well-known TensorFlow program"]))
        [['A', 'well-known', 'Tensor', 'Flow', 'program']]
    """
    for value in iterator:
        yield _WORD.findall(value)


class CategoricalVocabulary:
    """Numbers for words, in the order in which they come; 0 is for unknown ones.

    Args:
        unknown_token: The word that stands for those.
        support_reverse: Whether `reverse` can be asked.
    """

    # The names of the fields are TensorFlow 1's, whose files hold them.

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        self._unknown_token = unknown_token
        self._support_reverse = support_reverse
        self._freq: dict[Hashable, int] = collections.defaultdict(int)
        self._freeze = False
        self._number([])

    def __len__(self) -> int:
        """How many words there are, the unknown one included."""
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Take no new words any more, which are unknown then.

        Args:
            freeze: Whether to; `False` takes new words again.
        """
        self._freeze = freeze

    def get(self, category: Hashable) -> int:
        """The number of a word, a new one for a new word.

        Args:
            category: The word.

        Returns:
            The number; 0 for a new word after `freeze`.
        """
        if category not in self._mapping and self._freeze:
            return 0
        if category not in self._mapping:
            self._mapping[category] = len(self._mapping)
            if self._support_reverse:
                self._reverse_mapping.append(category)
        return self._mapping[category]

    def add(self, category: Hashable, count: int = 1) -> None:
        """Count a word.

        Args:
            category: The word.
            count: How often.
        """
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Number anew the words that are frequent, the most frequent first.

        Args:
            min_frequency: Words that were not counted more often go.
            max_frequency: Words that were counted this often, or more, go too, if it is positive.
        """
        counted = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        counted.sort(key=lambda item: item[1], reverse=True)
        kept = [
            category
            for category, count in itertools.takewhile(lambda it: it[1] > min_frequency, counted)
            if max_frequency <= 0 or count < max_frequency
        ]
        self._number(kept)
        # So many of all of them, not of those that were kept: as TensorFlow 1 did.
        self._freq = dict(counted[: len(kept)])

    def reverse(self, class_id: int) -> Hashable:
        """The word of a number.

        Args:
            class_id: The number.

        Returns:
            The word.

        Raises:
            ValueError: If the vocabulary was made without `support_reverse`.
        """
        if not self._support_reverse:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() "
                "function. Say CategoricalVocabulary(support_reverse=True)."
            )
        return self._reverse_mapping[class_id]

    def _number(self, categories: Iterable[Hashable]) -> None:
        words: list[Hashable] = [self._unknown_token, *categories]
        self._mapping = {word: number for number, word in enumerate(words)}
        if self._support_reverse:
            self._reverse_mapping = words


class VocabularyProcessor:
    """Turns documents into rows of the numbers of their words.

    Args:
        max_document_length: How long a row is: longer documents are cut, shorter ones end in 0.
        min_frequency: Words that are not more frequent are unknown ones.
        vocabulary: A `CategoricalVocabulary`, if there is one.
        tokenizer_fn: What takes documents apart, by default `tokenizer`.

    Examples:
        >>> processor = VocabularyProcessor(4)
        >>> [row.tolist() for row in processor.fit_transform(["to be", "or not to be"])]
        [[1, 2, 0, 0], [3, 4, 1, 2]]
        >>> list(processor.reverse([[3, 0]]))
        ['or <UNK>']
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[Any]], Iterable[Iterable[Any]]] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[Any], unused_y: object = None) -> VocabularyProcessor:
        """Learn the words of documents, and no others from then on.

        Args:
            raw_documents: The documents.
            unused_y: Not used.

        Returns:
            This processor.
        """
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[Any], unused_y: object = None) -> Iterator[Ids]:
        """Learn the words of documents, and number them.

        Args:
            raw_documents: The documents, of which there are more than one reading.
            unused_y: Not used.

        Returns:
            The rows.
        """
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[Any]) -> Iterator[Ids]:
        """Number the words of documents.

        Args:
            raw_documents: The documents.

        Yields:
            A row for each.
        """
        for tokens in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for place, token in enumerate(itertools.islice(tokens, self.max_document_length)):
                row[place] = self.vocabulary_.get(token)
            yield row

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """The words of rows.

        Args:
            documents: The rows.

        Yields:
            The words of each, with blanks between them.
        """
        for row in documents:
            yield " ".join(cast("str", self.vocabulary_.reverse(number)) for number in row)

    def save(self, filename: str | os.PathLike[str]) -> None:
        """Write the processor to a file.

        Args:
            filename: The path.
        """
        with tf.io.gfile.GFile(os.fspath(filename), "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename: str | os.PathLike[str]) -> VocabularyProcessor:
        """Read a processor from a file that this class wrote, or TensorFlow 1's.

        Args:
            filename: The path of a file that you trust: it is a pickle, which may run anything.

        Returns:
            The processor.
        """
        with tf.io.gfile.GFile(os.fspath(filename), "rb") as file:
            return cast("VocabularyProcessor", _Unpickler(io.BytesIO(file.read())).load())


class ByteProcessor:
    """Turns documents into rows of their bytes.

    Args:
        max_document_length: How long a row is: longer documents are cut, shorter ones end in 0.

    Examples:
        >>> [row.tolist() for row in ByteProcessor(4).transform(["abcde", b"a"])]
        [[97, 98, 99, 100], [97, 0, 0, 0]]
    """

    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Iterable[str | bytes]) -> None:
        """Do nothing.

        Args:
            x: The documents.
        """

    def fit_transform(self, x: Iterable[str | bytes]) -> Iterator[Ids]:
        """As `transform`.

        Args:
            x: The documents.

        Returns:
            The rows.
        """
        return self.transform(x)

    def transform(self, x: Iterable[str | bytes]) -> Iterator[Ids]:
        """The bytes of documents.

        Args:
            x: The documents.

        Yields:
            A row for each.
        """
        for document in x:
            data = document.encode() if isinstance(document, str) else document
            row = np.frombuffer(data[: self.max_document_length], dtype=np.uint8)
            yield np.pad(row, (0, self.max_document_length - len(row)), "constant")

    def reverse(self, x: Iterable[Ids]) -> Iterator[str]:
        """The texts of rows.

        Args:
            x: The rows.

        Yields:
            The text of each; an empty one where it is none.
        """
        for row in x:
            try:
                yield np.trim_zeros(row.astype(np.int8), trim="b").tobytes().decode()
            except UnicodeDecodeError:
                yield ""


class _Unpickler(pickle.Unpickler):
    """Finds in this module what TensorFlow 1 had in several."""

    def find_class(self, module: str, name: str) -> Any:
        known = {it.__name__: it for it in (CategoricalVocabulary, VocabularyProcessor, tokenizer)}
        if ".learn.preprocessing" in module and name in known:
            return known[name]
        return super().find_class(module, name)
