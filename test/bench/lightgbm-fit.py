"""Fits LightGBM on one thread, in this process alone: JSON in, JSON out.

in:  values (path of float32, row-major), labels (path of bytes), columns, trainRows, settings (ours)
out: cpuSeconds of binning and fitting, and auc on the rows behind trainRows
"""
import json
import sys
import time

import lightgbm
import numpy as np
from sklearn.metrics import roc_auc_score

task = json.load(sys.stdin)
values = np.fromfile(task["values"], dtype=np.float32).reshape(-1, task["columns"])
labels = np.fromfile(task["labels"], dtype=np.uint8)
older, settings = task["trainRows"], task["settings"]
parameters = {
    "objective": "binary",
    "num_leaves": settings["leaves"],
    "learning_rate": settings["learningRate"],
    "min_data_in_leaf": settings["minimumLeafRows"],
    "min_sum_hessian_in_leaf": settings["minimumLeafHessian"],
    "lambda_l2": settings["l2"],
    "max_bin": settings["maxBins"],
    "num_threads": 1,
    "verbose": -1,
}
start = time.process_time()
booster = lightgbm.train(parameters, lightgbm.Dataset(values[:older], label=labels[:older]), settings["trees"])
seconds = time.process_time() - start
json.dump({"cpuSeconds": seconds, "auc": roc_auc_score(labels[older:], booster.predict(values[older:], num_threads=1))}, sys.stdout)
