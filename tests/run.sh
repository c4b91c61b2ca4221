#!/usr/bin/env bash
# Installs what the tests need, then runs them all. Needs the .NET 10 SDK; for the RabbitMQ and Redis servers it uses apt-get as root.
#   tests/run.sh [--chaos] [--soak [minutes]] [further arguments of dotnet test]
# --chaos runs the chaos test with 100,000 messages and 10 kills of the broker, --soak the soak test for 10 minutes or as many as it says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

arguments=()
# Minutes that the tests of one project may take: they need less than half of that. One that hangs is ended, and named by its output.
limit=20
while [ $# -gt 0 ]; do
  case $1 in
    --chaos) export DUCTAPE_CHAOS_MESSAGES=100000 DUCTAPE_CHAOS_KILLS=10; limit=$((limit + 20)) ;;
    --soak)
      export DUCTAPE_SOAK_MINUTES=10
      if [[ ${2:-} =~ ^[0-9]+([.][0-9]+)?$ ]]; then DUCTAPE_SOAK_MINUTES=$2; shift; fi
      limit=$((limit + 2 * ${DUCTAPE_SOAK_MINUTES%.*}))
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

servers=()
policy=
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || servers+=(rabbitmq-server)
[ -x /usr/bin/redis-server ] || servers+=(redis-server)
if [ ${#servers[@]} != 0 ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "The tests need /usr/lib/rabbitmq/bin/rabbitmq-server and /usr/bin/redis-server: install Debian's ${servers[*]}, or run this as root." >&2
    exit 1
  fi
  echo "Installing ${servers[*]}"
  apt-get update -qq
  # The tests start servers of their own; the packages' services need not run.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d.ductape && chmod +x /usr/sbin/policy-rc.d.ductape
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    mv /usr/sbin/policy-rc.d.ductape /usr/sbin/policy-rc.d
    policy=/usr/sbin/policy-rc.d
    trap 'rm -f "$policy"' EXIT
  else
    rm /usr/sbin/policy-rc.d.ductape
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${servers[@]}" >/dev/null
fi

# The cloud transports build only where the feed has their packages.
if [ -z "${CloudTransports:-}" ]; then
  if dotnet restore src/Ductape.MassTransit.AmazonSQS -p:CloudTransports=true >/dev/null 2>&1 \
    && dotnet restore src/Ductape.MassTransit.AzureServiceBus -p:CloudTransports=true >/dev/null 2>&1; then
    export CloudTransports=true
  else
    echo "Left out: the tests of Amazon SQS and Azure Service Bus, whose packages are not on this feed."
  fi
fi

projects=()
for project in tests/*.Tests; do
  case $project in
    *.AmazonSQS.Tests)
      [ "${CloudTransports:-}" = true ] || continue
      # The emulator of SNS and SQS, and the Node that it needs.
      if [ -z "${FAUXQS:-}" ]; then
        export FAUXQS=${TMPDIR:-/tmp}/ductape-fauxqs
        [ -d "$FAUXQS/node_modules/fauxqs" ] || npm install --prefix "$FAUXQS" --no-audit --no-fund --silent fauxqs@2.4.1 node@22
      fi ;;
    *.AzureServiceBus.Tests)
      [ "${CloudTransports:-}" = true ] || continue
      if [ -z "${AZURE_SERVICE_BUS:-}" ]; then
        echo "Left out: the tests of Azure Service Bus, since \$AZURE_SERVICE_BUS is not set."
        continue
      fi ;;
  esac
  projects+=("$project")
done

dotnet build Ductape.MassTransit.sln --nologo -v quiet

# What tests write is in a folder of this run, and what they start has this run's name in its environment: neither outlives it.
results=$(mktemp -d "${TMPDIR:-/tmp}/ductape-run-XXXXXX")
mkdir "$results/tmp"
export DUCTAPE_TEST_REPORT="$results/report.txt"

# Ends every process that the tests of a project have started and left behind, the tests themselves too: clean_up PROJECT
clean_up() {
  local environment pid
  for environment in /proc/[0-9]*/environ; do
    pid=${environment#/proc/}; pid=${pid%/environ}
    if [ "$pid" != "$BASHPID" ] && grep -qzxF "DUCTAPE_TEST_RUN=$results $1" "$environment" 2>/dev/null; then
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done
}

lanes=()
end() {
  local project
  [ ${#lanes[@]} = 0 ] || kill "${lanes[@]}" 2>/dev/null || true
  for project in "${projects[@]}"; do clean_up "$(basename "$project")"; done
  rm -rf "$results"
  [ -z "$policy" ] || rm -f "$policy"
}
trap end EXIT
trap 'exit 130' INT TERM

# Runs the tests of a project, and prints what they say when they have ended: test_project FOLDER
test_project() {
  local name code=0 began=$SECONDS
  name=$(basename "$1")
  DUCTAPE_TEST_RUN="$results $name" TMPDIR="$results/tmp" MSBUILDDISABLENODEREUSE=1 timeout --kill-after=30s "${limit}m" \
    dotnet test "$1" --nologo --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" ${arguments[@]+"${arguments[@]}"} \
    >"$results/$name.log" 2>&1 || code=$?
  echo $code >"$results/$name.code"
  clean_up "$name"
  # In one go, so that two projects that end together do not mix.
  {
    printf '\n%s, %d s\n' "$name" $((SECONDS - began))
    cat "$results/$name.log"
    [ $code != 124 ] && [ $code != 137 ] || echo "$name did not end within $limit minutes and was ended: its long running tests are above."
  } >"$results/$name.out" 2>&1
  cat "$results/$name.out"
}

# The tests of RabbitMQ wait most of their time; the others run one after the other beside them.
status=0
echo "Testing ${projects[*]#tests/}"
(for project in "${projects[@]}"; do case $project in *.RabbitMQ.Tests) test_project "$project" ;; esac; done) & lanes+=($!)
(for project in "${projects[@]}"; do case $project in *.RabbitMQ.Tests) ;; *) test_project "$project" ;; esac; done) & lanes+=($!)
wait
lanes=()

# One line that adds up every run. A run that left no result, or failed without a failed test, counts as one.
passed=0; failed=0; skipped=0
count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
for i in "${!projects[@]}"; do
  project=$(basename "${projects[$i]}")
  failures_here=0
  if [ -f "$results/$project.trx" ]; then
    counters=$(grep -o '<Counters [^>]*' "$results/$project.trx")
    passed=$((passed + $(count passed)))
    failures_here=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
    skipped=$((skipped + $(count total) - $(count executed)))
  else
    echo "$project left no result." >&2
    failures_here=1
  fi
  if [ "$(cat "$results/$project.code" 2>/dev/null || echo 1)" != 0 ]; then
    status=1
    [ $failures_here != 0 ] || failures_here=1
  fi
  failed=$((failed + failures_here))
done
[ $failed = 0 ] || status=1
# What tests have to tell even when they pass: seeds, duplicates, memory.
[ ! -f "$DUCTAPE_TEST_REPORT" ] || cat "$DUCTAPE_TEST_REPORT"
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
