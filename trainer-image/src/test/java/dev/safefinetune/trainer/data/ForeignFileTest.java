package dev.safefinetune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is no JSONL is named for what it is. */
class ForeignFileTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final String ROW =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"CANARY\"},{\"role\":\"assistant\",\"content\":\"a\"}]}\n";

    @TempDir
    Path dir;

    @Test
    void aJsonArray() throws IOException {
        refused(Files.readAllBytes(CASES.resolve("array1.json")), "is a JSON array");
        refused(text("\n\n [\n  " + ROW + "]"), "is a JSON array");
        refused(text("\uFEFF[" + ROW + "]"), "is a JSON array");
    }

    @Test
    void aDocumentOverSeveralLines() throws IOException {
        refused(text("{\n  \"messages\": []\n}\n"), "is JSON over several lines");
    }

    @Test
    void gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text(ROW));
        }
        refused(bytes.toByteArray(), "is compressed with gzip");
    }

    @ParameterizedTest
    @CsvSource({
        "28b52ffd04, is compressed with zstd",
        "fd377a585a00, is compressed with xz",
        "425a68393141, is compressed with bzip2",
        "04224d1864, is compressed with lz4",
        "504b030414, is a zip archive",
        "504152311504, is Parquet",
        "4152524f5731, is Arrow",
        "53514c69746520666f726d6174203300, is an SQLite database",
        "894844460d0a1a0a, is HDF5"
    })
    void aBinaryFile(String head, String message) throws IOException {
        byte[] known = HexFormat.of().parseHex(head);
        byte[] bytes = new byte[known.length + 64];
        System.arraycopy(known, 0, bytes, 0, known.length);
        refused(bytes, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void anotherUnicode(String charset) throws IOException {
        Charset encoding = Charset.forName(charset);
        refused(("\uFEFF" + ROW).getBytes(encoding), "is " + charset.substring(0, 6) + " text");
        refused(ROW.getBytes(encoding), "is " + charset.substring(0, 6) + " text");
    }

    @Test
    void tables() throws IOException {
        refused(text("prompt,completion\nCANARY,a\n"), "is CSV");
        refused(text("\"prompt\";\"completion\"\r\nCANARY;a\r\n"), "is CSV");
        refused(text("prompt\tcompletion\nCANARY\ta\n"), "is tab-separated text");
    }

    @Test
    void whatADownloadLeftInstead() throws IOException {
        refused(
                text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
                "is a git-lfs pointer and not the data; run git lfs pull");
        refused(text("<!DOCTYPE html><html>CANARY"), "is HTML or XML");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void numbersThatJsonDoesNotHave(String number) throws IOException {
        refused(text(ROW.replaceFirst("}\n$", ",\"score\":" + number + "}")), "line 1 has NaN or Infinity");
        assertThatThrownBy(() -> DatasetReader.read(CASES.resolve("nan.jsonl")))
                .hasMessageContaining("nan.jsonl line 1 has NaN or Infinity")
                .hasMessageContaining("(column 9")
                .hasMessageContaining("null");
    }

    @Test
    void aCategoryIsJudgedOnlyWhereItIsUsed() {
        Path file = CASES.resolve("catnum.jsonl");
        assertThat(DatasetReader.readConversations(file).samples().getFirst().category())
                .isNull();
        assertThatThrownBy(() -> DatasetReader.read(file)).hasMessageContaining("line 1 has category that is not text");
    }

    @Test
    void plainRowsAreNotTakenForSomethingElse() throws IOException {
        Path file = Files.write(dir.resolve("d.jsonl"), text("\n  " + ROW));
        assertThat(DatasetReader.read(file).size()).isOne();
    }

    private void refused(byte[] bytes, String message) throws IOException {
        Path file = Files.write(dir.resolve("d.jsonl"), bytes);
        assertThatThrownBy(() -> DatasetReader.read(file))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining("d.jsonl " + message)
                .hasMessageNotContaining("CANARY");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
