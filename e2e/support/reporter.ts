// Says at the end how the tests went in the words of `cargo test`, which `cargo xtask` counts and repeats.

import type { FullConfig, Reporter, Suite, TestCase, TestError } from "@playwright/test/reporter";

/** `[phone] journeys/card.spec.ts:9 pays` */
function nameOf(test: TestCase): string {
  const [, project, file, ...titles] = test.titlePath();
  return `[${project}] ${file}:${test.location.line} ${titles.join(" › ")}`;
}

export default class CargoReporter implements Reporter {
  #suite: Suite | undefined;
  /** What kept it from running tests, by its words. */
  readonly #outside: TestError[] = [];

  onBegin(_: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onError(error: TestError): void {
    this.#outside.push(error);
  }

  onEnd(): void {
    const tests = this.#suite?.allTests() ?? [];
    const count = (outcome: string) => tests.filter((test) => test.outcome() === outcome).length;
    // A test that passes only sometimes does not pass.
    const failed = tests.filter((test) => ["unexpected", "flaky"].includes(test.outcome()));
    const failures: [name: string, errors: TestError[]][] = failed.map((test) => [
      nameOf(test),
      test.results.flatMap(({ errors }) => errors),
    ]);
    if (this.#outside.length > 0) failures.push(["outside of any test", this.#outside]);

    for (const [name] of failures) console.log(`test ${name} ... FAILED`);
    for (const [name, errors] of failures) {
      console.log(`---- ${name} output ----`);
      for (const { message } of errors) console.log(message);
    }
    if (failures.length > 0) console.log("failures:");
    const word = failures.length > 0 ? "FAILED" : "ok";
    console.log(`test result: ${word}. ${count("expected")} passed; ${failures.length} failed; ${count("skipped")} ignored`);
  }
}
