package io.lowpass.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.trials.processes.ServiceClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy in front of a server that sends back what it gets. */
class TcpProxyTest {

    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread echo = new Thread(this::echo);
        echo.setDaemon(true);
        echo.start();
        proxy = new TcpProxy(ServiceClient.freePort(), server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void echo() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException broken) {
                // What is cut off is what these tests are about.
                continue;
            }
        }
    }

    private Socket connected() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(5000);
        return client;
    }

    private static int ask(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    @Test
    void whatIsSentGetsThroughBothWays() throws IOException {
        try (Socket client = connected()) {
            assertThat(ask(client, 7)).isEqualTo(7);
        }
    }

    @Test
    void aCutBreaksWhatIsOpenAndTheNextConnectionWorks() throws IOException {
        // Given
        try (Socket client = connected()) {
            ask(client, 1);

            // When
            proxy.cut();

            // Then
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket next = connected()) {
            assertThat(ask(next, 2)).isEqualTo(2);
        }
    }

    @Test
    void refusedConnectionsAreTakenAgainLater() throws IOException {
        // When
        proxy.refuse();

        // Then
        assertThatThrownBy(this::connected).isInstanceOf(IOException.class);

        // When
        proxy.restore();

        // Then
        try (Socket client = connected()) {
            assertThat(ask(client, 3)).isEqualTo(3);
        }
    }

    @Test
    void whatIsStalledArrivesWhenItGoesOn() throws IOException {
        try (Socket client = connected()) {
            // Given
            ask(client, 1);
            proxy.stall();
            client.setSoTimeout(200);

            // When, Then
            assertThatThrownBy(() -> ask(client, 4)).isInstanceOf(SocketTimeoutException.class);
            proxy.restore();
            client.setSoTimeout(5000);
            assertThat(client.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void whatIsSlowArrivesLater() throws IOException {
        try (Socket client = connected()) {
            // Given
            ask(client, 1);
            proxy.delay(100);
            long start = System.nanoTime();

            // When
            int answer = ask(client, 5);

            // Then
            assertThat(answer).isEqualTo(5);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(200);
        }
    }
}
