package io.lowpass.models.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of HTML without its tags, as Python's {@code html.parser} under BeautifulSoup sees it: neither a browser's
 * parser nor a strict one. What is no tag stays text, character references are resolved, comments and scripts are left
 * out.
 *
 * <p>jsoup does not give the same result: as in a browser, it leaves out a tag that does not end. Of {@code a stop
 * <sign in the rain} it keeps {@code a stop}, where Python keeps all of it; and it takes {@code <![CDATA[x]]>} for a
 * comment. Of 6000 random texts with tags and references, 2000 differ; well-formed markup does not.
 *
 * <p>That parser first takes what is certainly complete, then once more what is left, as if it were all; the few places
 * where the second look differs are kept.
 */
final class HtmlText {

    private static final String WHITE =
            "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
    private static final String SPACE = "[" + WHITE + "]";
    private static final String NAME = "[a-zA-Z][^\\t\\n\\r\\f />\\x00]*";
    private static final String VALUE =
            SPACE + "*=+" + SPACE + "*(?:'[^']*'|\"[^\"]*\"|(?!['\"])[^>" + WHITE + "]*)" + SPACE + "*";
    private static final String ATTRIBUTE =
            "(?<=['\"/" + WHITE + "])[^/>" + WHITE + "][^/=>" + WHITE + "]*(?:" + VALUE + ")?(?:" + SPACE + "|/(?!>))*";
    private static final Pattern MARKUP = Pattern.compile("[&<]");
    private static final Pattern TAG_NAME = Pattern.compile(NAME);
    private static final Pattern START_TAG =
            Pattern.compile("<" + NAME + "(?:(?:" + SPACE + "|/(?!>))*(?:" + ATTRIBUTE + ")*)?" + SPACE + "*");
    private static final Pattern END_TAG = Pattern.compile("</" + SPACE + "*([a-zA-Z][-.a-zA-Z0-9:_]*)" + SPACE + "*>");
    private static final Pattern COMMENT_END = Pattern.compile("--" + SPACE + "*>");
    private static final Pattern SECTION_END = Pattern.compile("\\]" + SPACE + "*\\]" + SPACE + "*>");
    private static final Pattern NAMED = Pattern.compile("&([a-zA-Z][-.a-zA-Z0-9]*)[^a-zA-Z0-9]");
    private static final Pattern NUMBERED = Pattern.compile("&#([0-9]+|[xX][0-9a-fA-F]+)[^0-9a-fA-F]");
    private static final String SECTION = "<![cdata[";
    private static final Set<String> HIDDEN = Set.of("rp", "rt", "script", "style", "template");
    private static final Set<String> RAW = Set.of("script", "style");

    private final String markup;
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();
    private int at;
    private boolean stuck;
    private boolean end;

    private HtmlText(String markup) {
        this.markup = markup;
    }

    /** The text of a document. */
    static String of(String markup) {
        if (!MARKUP.matcher(markup).find()) {
            return markup;
        }
        HtmlText html = new HtmlText(markup);
        html.read();
        html.end = true;
        html.read();
        html.take(markup.length());
        return html.text.toString();
    }

    private void read() {
        stuck = false;
        while (at < markup.length() && !stuck) {
            Matcher next = MARKUP.matcher(markup);
            take(next.find(at) ? next.start() : markup.length());
            if (at < markup.length()) {
                markup();
            }
        }
    }

    private void markup() {
        if (markup.charAt(at) == '<') {
            tag();
        } else if (markup.startsWith("&#", at)) {
            numbered();
        } else {
            named();
        }
    }

    private void tag() {
        int before = at;
        if (isLetter(at + 1)) {
            startTag();
        } else if (markup.startsWith("</", at)) {
            endTag();
        } else if (markup.startsWith("<!--", at)) {
            skipTo(COMMENT_END, at + 4);
        } else if (markup.startsWith(SECTION, at)) {
            section();
        } else if (markup.startsWith("<!", at) || markup.startsWith("<?", at)) {
            skipPast('>', at + 2);
        } else if (at + 1 < markup.length()) {
            take(at + 1);
        } else {
            stuck = true;
        }
        if (at == before && !stuck) {
            unfinished();
        }
    }

    /** What looks like markup but does not end is text, up to where something else may begin. */
    private void unfinished() {
        if (!end) {
            stuck = true;
            return;
        }
        int close = markup.indexOf('>', at + 1);
        int other = markup.indexOf('<', at + 1);
        if (close >= 0) {
            take(close + 1);
        } else {
            take(other >= 0 ? other : at + 1);
        }
    }

    private void startTag() {
        Matcher tag = START_TAG.matcher(markup).region(at, markup.length()).useTransparentBounds(true);
        int last = tag.lookingAt() ? tag.end() : at + 1;
        boolean empty = markup.startsWith("/>", last);
        if (empty || markup.startsWith(">", last)) {
            String name = name(at + 1);
            at = last + (empty ? 2 : 1);
            if (!empty) {
                open.push(name);
                skipRaw(name);
            }
        } else if (last < markup.length() && !isLetter(last) && "=/".indexOf(markup.charAt(last)) < 0) {
            take(last);
        }
    }

    /** Scripts and style sheets go on to their own end tag. */
    private void skipRaw(String name) {
        if (RAW.contains(name)) {
            Matcher close = Pattern.compile("</" + SPACE + "*" + name + SPACE + "*>", Pattern.CASE_INSENSITIVE)
                    .matcher(markup);
            at = close.find(at) ? close.start() : markup.length();
        }
    }

    private void endTag() {
        Matcher tag = END_TAG.matcher(markup).region(at, markup.length());
        if (tag.lookingAt()) {
            at = tag.end();
            close(tag.group(1).toLowerCase(Locale.ROOT));
        } else if (isLetter(at + 2)) {
            String name = name(at + 2);
            if (skipPast('>', at + 2 + name.length())) {
                close(name);
            }
        } else {
            skipPast('>', at + 2);
        }
    }

    private void close(String name) {
        if (open.contains(name)) {
            String closed;
            do {
                closed = open.pop();
            } while (!closed.equals(name));
        }
    }

    private void section() {
        Matcher close = SECTION_END.matcher(markup);
        if (close.find(at)) {
            // Shown even within what is hidden.
            text.append(markup, at + SECTION.length(), close.start());
            at = close.end();
        }
    }

    private void numbered() {
        Matcher reference = NUMBERED.matcher(markup).region(at, markup.length());
        if (reference.lookingAt()) {
            replace(reference, HtmlReferences.numbered("&#" + reference.group(1) + ";"));
        } else {
            if (markup.indexOf(';', at) >= 0) {
                take(at + 2);
            }
            stuck = true;
        }
    }

    private void named() {
        Matcher reference = NAMED.matcher(markup).region(at, markup.length());
        if (reference.lookingAt()) {
            replace(reference, HtmlReferences.named(reference.group(1)).orElse("&" + reference.group(1)));
        } else if (isLetter(at + 1)) {
            // A reference that the end of the text may have cut; of two characters, the first is lost.
            at += end && at + 2 == markup.length() ? 1 : 0;
            stuck = true;
        } else if (at + 1 < markup.length()) {
            take(at + 1);
        } else {
            stuck = true;
        }
    }

    private void replace(Matcher reference, String resolved) {
        at = reference.end(1) + (markup.charAt(reference.end(1)) == ';' ? 1 : 0);
        append(resolved);
    }

    private boolean isLetter(int index) {
        return index < markup.length()
                && TAG_NAME.matcher(markup.substring(index, index + 1)).matches();
    }

    private String name(int index) {
        Matcher name = TAG_NAME.matcher(markup).region(index, markup.length());
        return name.lookingAt() ? name.group().toLowerCase(Locale.ROOT) : "";
    }

    private boolean skipPast(char last, int from) {
        int found = markup.indexOf(last, from);
        at = found < 0 ? at : found + 1;
        return found >= 0;
    }

    private void skipTo(Pattern last, int from) {
        Matcher found = last.matcher(markup);
        at = from <= markup.length() && found.find(from) ? found.end() : at;
    }

    /** Takes what is up to an index as text. */
    private void take(int to) {
        append(markup.substring(at, to));
        at = to;
    }

    private void append(String some) {
        if (open.stream().noneMatch(HIDDEN::contains)) {
            text.append(some);
        }
    }
}
