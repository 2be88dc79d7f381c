"""The sample is worth training on: counting words gets far, and not all the way."""

from __future__ import annotations

from random import Random

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from resources.sample import generate


def test_a_bag_of_words_gets_between_60_and_92_percent() -> None:
    corpus = generate()
    Random(0).shuffle(corpus)
    train, test = corpus[:1400], corpus[1400:1800]
    vectors = TfidfVectorizer(ngram_range=(1, 2))
    model = OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))
    model.fit(
        vectors.fit_transform([text.content for text in train]), [text.intent for text in train]
    )
    predicted = model.predict(vectors.transform([text.content for text in test]))
    right = [label == text.true_intent for label, text in zip(predicted, test, strict=True)]
    assert 0.60 < sum(right) / len(right) < 0.92
