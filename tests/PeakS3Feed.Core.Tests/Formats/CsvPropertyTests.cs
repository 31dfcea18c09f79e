using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

public class CsvPropertyTests
{
    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void What_is_written_in_any_dialect_reads_back_equal_and_in_its_place_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Arb.From(CsvCase.Any), c =>
        {
            var written = c.Write();
            var bytes = written.Bytes;
            // NUL bytes where UTF-16 has them are the one text that cannot be told from another encoding.
            if (TextEncoding.DetectUnsupported(bytes) is not null)
                return;
            Assert.Equal(written.Expected, Csv.Read(bytes, c.Options));
            Assert.Equal(written.Expected, Csv.Read(bytes, c.Options, c.Chunks, buffer: 16));
            Assert.Equal(written.Expected, Csv.Read(bytes, c.Options, [1], buffer: 16));
        }));
}
