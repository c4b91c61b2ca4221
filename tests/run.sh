#!/usr/bin/env bash
# Installs what the tests need, then runs them all. Needs the .NET 10 SDK; for the RabbitMQ and Redis servers it uses apt-get as root.
#   tests/run.sh [--chaos] [--soak [minutes]] [further arguments of dotnet test]
# --chaos runs the chaos test with 100,000 messages and 10 kills of the broker, --soak the soak test for 10 minutes or as many as it says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

arguments=()
# Minutes that the tests of one project may take: they need a quarter of that. One that hangs is named by its output.
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
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
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

results=$(mktemp -d)
export DUCTAPE_TEST_REPORT="$results/report.txt"
dotnet build Ductape.MassTransit.sln --nologo -v quiet
status=0
failures=()
for project in "${projects[@]}"; do
  code=0
  timeout --kill-after=30s "${limit}m" \
    dotnet test "$project" --nologo --no-build --results-directory "$results" --logger "trx;LogFileName=$(basename "$project").trx" ${arguments[@]+"${arguments[@]}"} || code=$?
  [ $code != 124 ] || echo "$(basename "$project") did not end within $limit minutes: see its long running tests above." >&2
  failures+=("$code")
done

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
  if [ "${failures[$i]}" != 0 ]; then
    status=1
    [ $failures_here != 0 ] || failures_here=1
  fi
  failed=$((failed + failures_here))
done
[ $failed = 0 ] || status=1
# What tests have to tell even when they pass: seeds, duplicates, memory.
[ ! -f "$DUCTAPE_TEST_REPORT" ] || cat "$DUCTAPE_TEST_REPORT"
rm -rf "$results"
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
