package io.lowpass.testing.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;

/** Creates real producers, the first of which hangs at one call, like a suspended process. */
public final class HeldProducer implements Function<String, Producer<String, byte[]>> {

    /** Where it hangs. */
    public enum At {
        /** Before it sends. */
        SEND,
        /** Before it commits. */
        COMMIT;

        private boolean is(Method method) {
            return method.getName().toLowerCase(Locale.ROOT).startsWith(name().toLowerCase(Locale.ROOT));
        }
    }

    private final Function<String, Producer<String, byte[]>> producers;
    private final At where;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Wraps a factory of producers by transactional id. */
    public HeldProducer(Function<String, Producer<String, byte[]>> producers, At where) {
        this.producers = producers;
        this.where = where;
    }

    /** Waits until it hangs. */
    public void awaitHeld() throws InterruptedException {
        if (!held.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing was sent");
        }
    }

    /** Lets it go on. */
    public void release() {
        released.countDown();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<String, byte[]> apply(String transactionalId) {
        Producer<String, byte[]> real = producers.apply(transactionalId);
        return (Producer<String, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (where.is(method)) {
                        held.countDown();
                        released.await();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
