package io.lowpass.lab.verify;

import io.lowpass.lab.verify.CaseResult.Status;
import java.util.List;

/** The outcome of a verification, as {@code verify --json} writes it. */
record VerifyReport(long passed, long failed, long unsupported, List<CaseResult> cases) {

    static VerifyReport of(List<CaseResult> cases) {
        return new VerifyReport(
                count(cases, Status.PASSED), count(cases, Status.FAILED), count(cases, Status.UNSUPPORTED), cases);
    }

    private static long count(List<CaseResult> cases, Status status) {
        return cases.stream().filter(result -> result.status() == status).count();
    }
}
