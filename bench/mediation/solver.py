# SPDX-License-Identifier: EUPL-1.2
#
# Reads matrices of costs as JSON, one a line, and answers each with the cost of the cheapest assignment and
# the seconds that it took.
import json
import sys
import time

import numpy
from scipy.optimize import linear_sum_assignment

for line in sys.stdin:
    matrix = numpy.array(json.loads(line))
    began = time.perf_counter()
    rows, columns = linear_sum_assignment(matrix)
    took = time.perf_counter() - began
    print(json.dumps({"cost": int(matrix[rows, columns].sum()), "seconds": took}), flush=True)
