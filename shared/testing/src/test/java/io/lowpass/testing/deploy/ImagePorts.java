package io.lowpass.testing.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports on which the services listen in their images. */
final class ImagePorts {

    private ImagePorts() {}

    /** The port of requests. */
    static String requests() throws IOException {
        return said("QUARKUS_HTTP_PORT");
    }

    /** The port of probes and metrics. */
    static String management() throws IOException {
        return said("QUARKUS_MANAGEMENT_PORT");
    }

    private static String said(String variable) throws IOException {
        Matcher said = Pattern.compile(variable + "=(\\d+)").matcher(ProjectFiles.text("deploy/images/Dockerfile"));
        assertThat(said.find()).as(variable).isTrue();
        return said.group(1);
    }
}
