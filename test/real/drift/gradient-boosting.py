"""Fits the older rows with LightGBM and scikit-learn, predicts the newer ones, and holds our file against onnx: JSON in, JSON out.

in:  onnx (path), inputs [{transform, missing}], older and newer {values (row-major, null = missing), labels}, settings (ours), l2
out: AUC and log loss on the newer rows of each library, labels and probabilities of onnx's reference evaluator on the first of them
"""
import json
import os
import sys
import warnings

# Before the libraries: threads that wait for each other only cost time here.
os.environ["OMP_NUM_THREADS"] = "1"

import lightgbm
import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

REFERENCE_ROWS = 50

warnings.filterwarnings("ignore", message="X does not have valid feature names")
task = json.load(sys.stdin)
inputs, settings = task["inputs"], task["settings"]


def rows_of(part):
    values = np.array(part["values"], dtype=np.float64).astype(np.float32)
    return values.reshape(-1, len(inputs)), np.array(part["labels"])


def prepare(rows):
    prepared = rows.astype(np.float64)
    for column, spec in enumerate(inputs):
        values = np.where(np.isnan(prepared[:, column]), spec["missing"], prepared[:, column])
        prepared[:, column] = np.log1p(np.maximum(values, 0)) if spec["transform"] == "log1p" else values
    return prepared


models = {
    "lightgbm": lightgbm.LGBMClassifier(
        n_estimators=settings["trees"],
        num_leaves=settings["leaves"],
        learning_rate=settings["learningRate"],
        min_child_samples=settings["minimumLeafRows"],
        min_child_weight=settings["minimumLeafHessian"],
        reg_lambda=settings["l2"],
        max_bin=settings["maxBins"],
        min_data_in_bin=1,
        n_jobs=1,
        deterministic=True,
        verbose=-1,
    ),
    "histGradientBoosting": HistGradientBoostingClassifier(
        max_iter=settings["trees"],
        max_leaf_nodes=settings["leaves"],
        learning_rate=settings["learningRate"],
        min_samples_leaf=settings["minimumLeafRows"],
        l2_regularization=settings["l2"],
        max_bins=settings["maxBins"],
        early_stopping=False,
    ),
    "logisticRegression": make_pipeline(
        FunctionTransformer(prepare), StandardScaler(), LogisticRegression(C=1 / task["l2"], tol=1e-10, max_iter=10_000)
    ),
}
older, older_labels = rows_of(task["older"])
newer, newer_labels = rows_of(task["newer"])
answer = {}
for name, model in models.items():
    scores = model.fit(older, older_labels).predict_proba(newer)[:, 1]
    answer[name] = {"auc": roc_auc_score(newer_labels, scores), "logLoss": log_loss(newer_labels, scores)}

ours = onnx.load(task["onnx"])
onnx.checker.check_model(ours, full_check=True)
labels, probabilities = ReferenceEvaluator(ours).run(None, {"features": newer[:REFERENCE_ROWS]})
answer["onnxLabels"] = labels.tolist()
answer["onnxProbabilities"] = np.array(probabilities)[:, 1].tolist()
answer["metadata"] = {entry.key: entry.value for entry in ours.metadata_props}
answer["sameBytes"] = ours.SerializeToString() == open(task["onnx"], "rb").read()
json.dump(answer, sys.stdout)
