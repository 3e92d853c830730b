package io.lowpass.trials.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy that can cut, refuse, stall or delay connections between a client and a server of this machine. */
final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 64 << 10;
    private static final int CONNECT_MILLIS = 2000;
    private static final int BACKLOG = 64;

    private final InetSocketAddress address;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private Optional<ServerSocket> listening = Optional.empty();
    private volatile boolean stalled;
    private volatile long delay;

    /** Starts forwarding {@code port} to {@code targetPort}. */
    TcpProxy(int port, int targetPort) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        listen();
    }

    /** Port that clients connect to. */
    int port() {
        return address.getPort();
    }

    /** Resets all connections (RST); new ones are forwarded. */
    void cut() {
        open.forEach(TcpProxy::reset);
    }

    /** Resets all connections and refuses new ones. */
    synchronized void refuse() {
        listening.ifPresent(TcpProxy::close);
        listening = Optional.empty();
        cut();
    }

    /** Keeps and accepts connections, but forwards nothing, as if packets were dropped. */
    void stall() {
        stalled = true;
    }

    /** Delays each piece by so many milliseconds. */
    void delay(long millis) {
        delay = millis;
    }

    /** Returns to normal forwarding. */
    synchronized void restore() {
        delay = 0;
        release();
        if (listening.isEmpty()) {
            listen();
        }
    }

    private synchronized void listen() {
        try {
            ServerSocket server = new ServerSocket();
            server.bind(address, BACKLOG);
            listening = Optional.of(server);
            thread("accept", () -> accept(server));
        } catch (IOException error) {
            throw new UncheckedIOException("port " + port() + " cannot be used: " + error.getMessage(), error);
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                thread("connect", () -> connect(client));
            } catch (IOException closed) {
                close(server);
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        open.add(upstream);
        try {
            upstream.connect(target, CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            thread("back", () -> pump(upstream, client));
        } catch (IOException away) {
            drop(client, upstream);
            return;
        }
        pump(client, upstream);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = in.read(buffer);
            while (length >= 0) {
                hold();
                out.write(buffer, 0, length);
                length = in.read(buffer);
            }
        } catch (IOException broken) {
            // Breaking is what these connections are for; the other direction learns of it below.
            reset(from);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            drop(from, to);
        }
    }

    private void hold() throws InterruptedException {
        if (delay > 0) {
            Thread.sleep(delay);
        }
        synchronized (gate) {
            while (stalled) {
                gate.wait();
            }
        }
    }

    private void drop(Socket one, Socket other) {
        for (Socket socket : new Socket[] {one, other}) {
            close(socket);
            open.remove(socket);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            close(socket);
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        refuse();
        release();
    }

    private void release() {
        stalled = false;
        synchronized (gate) {
            gate.notifyAll();
        }
    }
}
