package io.lowpass.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.JobEvent;
import java.io.PrintWriter;

/** Writes each event as one line of JSON: its data, and its CloudEvents type as {@code type}. */
final class JsonView implements JobEventView {

    private final PrintWriter out;

    JsonView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void show(JobEvent event) {
        ObjectNode line =
                EventJson.mapper().createObjectNode().put("type", event.type().text());
        line.setAll(EventJson.mapper().<ObjectNode>valueToTree(event));
        out.println(line);
        out.flush();
    }
}
