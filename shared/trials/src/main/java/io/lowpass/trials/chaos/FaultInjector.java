package io.lowpass.trials.chaos;

import io.lowpass.trials.processes.Server;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Injects the faults of a schedule, and restarts processes that exit, as a container runtime would. Faults of one
 * server are injected one after another.
 */
final class FaultInjector implements AutoCloseable {

    private static final long SLOW_MILLIS = 300;
    private static final int SHARES_OF_RECORDS = 4;
    private static final long BETWEEN_LOOKS = 500;

    private final Deployment deployment;
    private final RecordSender records;
    private final Recoveries recoveries;
    private final Findings findings;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Thread keeper;
    private volatile boolean closed;

    FaultInjector(Deployment deployment, RecordSender records, Recoveries recoveries, Findings findings) {
        this.deployment = deployment;
        this.records = records;
        this.recoveries = recoveries;
        this.findings = findings;
        keeper = new Thread(this::keep, "chaos-keeper");
        keeper.setDaemon(true);
        keeper.start();
    }

    /** Injects the fault, waits, and lifts it. */
    void run(Fault fault) {
        ReentrantLock lock = lock(fault.target());
        lock.lock();
        try {
            carryOut(fault);
        } catch (InterruptedException interrupted) {
            throw Await.ended(interrupted);
        } finally {
            lock.unlock();
        }
    }

    private void carryOut(Fault fault) throws InterruptedException {
        Instant from = Instant.now();
        try {
            switch (fault.kind()) {
                case KILL, STOP, TERMINATE, BROKER, STORE -> process(fault);
                case NETWORK -> network(fault);
                case DISK -> disk(fault);
                case RECORDS -> records.send(SHARES_OF_RECORDS);
                case CANCEL, DUPLICATES -> throw new IllegalArgumentException("planned with the jobs: " + fault);
            }
        } finally {
            recoveries.disturbed(fault, from, Instant.now());
        }
    }

    private ReentrantLock lock(String target) {
        return locks.computeIfAbsent(target, unused -> new ReentrantLock());
    }

    private void process(Fault fault) throws InterruptedException {
        Server server = deployment.server(fault.target());
        switch (fault.mode()) {
            case "stop" -> {
                server.pause();
                Await.millis(fault.lasting());
                server.resume();
            }
            case "terminate" -> {
                if (!server.terminate()) {
                    findings.add(Findings.Violation.STUCK, server.name() + " did not end within a minute of SIGTERM");
                }
                Await.millis(fault.lasting());
                server.start();
            }
            default -> {
                Instant killed = Instant.now();
                server.kill();
                Await.millis(fault.lasting());
                server.start();
                recoveries.killed(server.name(), killed, server.startedAt(), server.pid());
            }
        }
    }

    private void network(Fault fault) {
        TcpProxy link = deployment.link(fault.target());
        switch (fault.mode()) {
            case "refuse" -> link.refuse();
            case "stall" -> link.stall();
            case "delay" -> link.delay(SLOW_MILLIS);
            default -> link.cut();
        }
        Await.millis(fault.lasting());
        link.restore();
    }

    private void disk(Fault fault) {
        if (deployment.disk().problem().isEmpty()) {
            deployment.disk().fill();
            Await.millis(fault.lasting());
            deployment.disk().free();
        }
    }

    private void keep() {
        while (!closed) {
            deployment.servers().values().forEach(this::keep);
            Await.millis(BETWEEN_LOOKS);
        }
    }

    private void keep(Server server) {
        ReentrantLock lock = lock(server.name());
        if (!lock.tryLock()) {
            return;
        }
        try {
            server.exit().ifPresent(code -> {
                findings.add(Findings.Violation.STUCK, server.name() + " ended by itself, with code " + code);
                server.start();
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            keeper.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
