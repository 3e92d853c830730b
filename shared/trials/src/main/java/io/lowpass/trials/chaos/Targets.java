package io.lowpass.trials.chaos;

import java.util.List;

/**
 * The possible targets of faults.
 *
 * @param services names of the processes
 * @param links names of their connections to the broker and the store
 */
record Targets(List<String> services, List<String> links) {

    static final String BROKER = "broker";
    static final String STORE = "store";

    Targets {
        services = List.copyOf(services);
        links = List.copyOf(links);
    }

    /** The targets of a kind of fault. */
    List<String> of(FaultKind kind) {
        return switch (kind) {
            case KILL, STOP, TERMINATE -> services;
            case NETWORK -> links;
            case BROKER -> List.of(BROKER);
            case STORE, DISK -> List.of(STORE);
            case RECORDS -> List.of("topics");
            case CANCEL, DUPLICATES -> List.of();
        };
    }
}
