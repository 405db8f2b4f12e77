import { writeFileSync } from "node:fs";

const count = (suite, totals) => {
  for (const test of suite?.tests ?? []) {
    if (test.skipped) totals.skipped += 1;
    else if (test.passed) totals.passed += 1;
    else totals.failed += 1;
  }
  for (const child of suite?.suites ?? []) count(child, totals);
};

/**
 * Reporter for the in-browser tests: writes `{passed, failed, skipped}` to the file that `TEST_SUMMARY` names. A file
 * that does not load counts as one failure.
 */
export function summaryReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const path = process.env["TEST_SUMMARY"];
      if (path === undefined) return;
      const totals = { passed: 0, failed: 0, skipped: 0 };
      for (const session of sessions) {
        const before = totals.failed;
        count(session.testResults, totals);
        if (!session.passed && totals.failed === before) totals.failed += 1;
      }
      writeFileSync(path, JSON.stringify(totals));
    },
  };
}
