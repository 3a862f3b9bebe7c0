/** Whether also the tests run that take minutes, and scenarios on each engine and host. The weekly run of `ci.yml` sets it. */
export const isFullRun = Boolean(process.env.EVERY_ENGINE);

/** Why a test that takes minutes is skipped otherwise. */
export const ONLY_IN_FULL_RUN = "it takes minutes; EVERY_ENGINE=1 runs it";
