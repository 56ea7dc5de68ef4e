"""A file of requests on a Spark cluster: each partition is piped through a batch.

    spark-submit examples/wide/spark.py --resource resource.json requests.jsonl answers

The program and the resource have to be in the same places on every machine; the requests and the answers (a directory
that is not there yet) are where Spark reads and writes. `line` counts within a partition, so tell answers by `id`.
"""

import argparse
import os
import shlex

from pyspark.sql import SparkSession

# A batch ends with 1 when a line failed, which is that line's affair. Everything else fails the task.
FILTER = 'PROGRAM batch --workers "$0" --resource "$1" || [ $? -eq 1 ]'

# What a batch may need of the environment; `pipe` hands on nothing by itself.
NAMES = "PATH HOME TMPDIR XDG_RUNTIME_DIR ZOOM_RUNNER_TOKEN_CACHE HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--resource", required=True, help="file with the resource, as JSON")
    parser.add_argument("--workers", default="8", help="requests at once in each partition")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--program", default="zoom-runner")
    parser.add_argument("requests", help="one request per line")
    parser.add_argument("answers", help="directory to make")
    options = parser.parse_args()

    # No task is run twice: its changes would be made again.
    builder = SparkSession.builder.appName("zoom-runner")
    builder = builder.config("spark.task.maxFailures", "1").config("spark.speculation", "false")
    spark = builder.getOrCreate()

    command = FILTER.replace("PROGRAM", shlex.quote(options.program))
    command = shlex.join(["sh", "-c", command, options.workers, os.path.abspath(options.resource)])
    environment = {name: os.environ[name] for name in NAMES.split() if name in os.environ}

    lines = spark.sparkContext.textFile(options.requests, options.partitions)
    lines.pipe(command, environment, checkCode=True).saveAsTextFile(options.answers)
    spark.stop()


if __name__ == "__main__":
    main()
