"""Holds a trained model against scikit-learn and its file against onnx: JSON in, JSON out.

in:  onnx (path), inputs [{transform, missing}], values (row-major, null = missing), labels, scores (ours), l2
out: coefficients and intercept of scikit-learn (folded), its statistics on our scores, probabilities of onnx's reference evaluator
"""
import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

task = json.load(sys.stdin)
inputs = task["inputs"]
rows = np.array(task["values"], dtype=np.float64).astype(np.float32).reshape(-1, len(inputs))
labels = np.array(task["labels"])
scores = np.array(task["scores"])

prepared = rows.astype(np.float64)
for column, spec in enumerate(inputs):
    values = np.where(np.isnan(prepared[:, column]), spec["missing"], prepared[:, column])
    prepared[:, column] = np.log1p(np.maximum(values, 0)) if spec["transform"] == "log1p" else values
scaler = StandardScaler().fit(prepared)
fit = LogisticRegression(C=1 / task["l2"], tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(scaler.transform(prepared), labels)
coefficients = fit.coef_[0] / scaler.scale_

model = onnx.load(task["onnx"])
onnx.checker.check_model(model, full_check=True)
predicted, probabilities = ReferenceEvaluator(model).run(None, {"features": rows})

json.dump(
    {
        "coefficients": coefficients.tolist(),
        "intercept": float(fit.intercept_[0] - coefficients @ scaler.mean_),
        "standardised": fit.coef_[0].tolist(),
        "scales": scaler.scale_.tolist(),
        "auc": roc_auc_score(labels, fit.predict_proba(scaler.transform(prepared))[:, 1]),
        "ourAuc": roc_auc_score(labels, scores),
        "ourLogLoss": log_loss(labels, scores),
        "ourAccuracy": accuracy_score(labels, scores >= 0.5),
        "onnxProbabilities": probabilities[:, 1].tolist(),
        "onnxLabels": predicted.tolist(),
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "sameBytes": model.SerializeToString() == open(task["onnx"], "rb").read(),
    },
    sys.stdout,
)
