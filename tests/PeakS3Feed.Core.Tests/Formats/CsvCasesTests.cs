using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Formats;

/// <summary>The cases of CsvCases.txt, from bytes to typed rows and rejects.</summary>
public class CsvCasesTests
{
    public static TheoryData<string> Names => [.. CsvCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_case_reads_as_it_says_in_any_chunks(string name)
    {
        var @case = CsvCases.All[name];
        foreach (var chunk in new[] { 100_000, 1, 3 })
            Assert.Equal(@case.Expected, await Read(@case, chunk));
    }

    private static async Task<List<string>> Read(CsvCases.Case @case, int chunk)
    {
        try
        {
            await using var content = await ContentStream.OpenAsync(new ChunkedStream(@case.Bytes, chunk), Assembly.Source.Uri, default);
            await using var reader = await RecordReaders.OpenAsync(new(FileType.Csv, @case.Options), content, Assembly.Source.Uri, default);
            var assembler = new RowAssembler(@case.Schema, Assembly.Options with { ValueFormats = ValueFormats.From(@case.DateFormats, @case.Options) });
            var batch = await assembler.Read(reader);
            Assert.True(batch.EndOfFile);
            Assert.Equal(batch.RowsRead, batch.Rows.Count + batch.Rejects.Count);
            return [": " + (batch.Rows.Schema.Columns.Count > 0 ? batch.Rows.Schema.Types() : "none"), .. batch.Text().Select(row => "| " + CsvCases.Escaped(row)), .. batch.Rejects.Select(Text)];
        }
        catch (FeedException error)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"E {error.Id} {error.Position?.Line ?? 0} {error.Position?.ByteOffset ?? 0}")];
        }
    }

    private static string Text(Reject reject)
    {
        var (line, offset, column) = (reject.Position.Line, reject.Position.ByteOffset, reject.Position.Column);
        return string.Create(CultureInfo.InvariantCulture, $"! {line} {offset} {CsvCases.Escaped(column ?? "-")} {reject.Reason} <- {CsvCases.Escaped(reject.RawText!)}");
    }
}
