using PeakS3Feed.Errors;

namespace PeakS3Feed.Fuzz.Checks;

/// <summary>What every error must have: an id that is known for it, the object's position, a sentence and a hint.</summary>
internal static class ErrorCheck
{
    private static readonly string[] Reading =
    [
        "GzipTruncated", "GzipCorrupt", "EncodingNotUtf8", "EncodingDiffers", "CsvHeaderInvalid", "CsvQuoteNotClosed", "CsvRowTooLong", "CsvTooManyFields", "CsvFooterTooLong",
        "JsonNotArray", "JsonInvalid", "JsonTruncated", "JsonRowTooLong", "JsonTooManyFields",
    ];

    private static readonly string[] Assembling = ["NoKnownField", "TooManyColumns", "NewField"];

    public static void Check(FeedException? error, string uri, bool assembling = false)
    {
        if (error is null)
            return;
        FuzzFailure.Unless(Reading.Contains(error.Id) || (assembling && Assembling.Contains(error.Id)), () => $"an error of the unexpected id {error.Id}: {error.Message}");
        FuzzFailure.Unless(error.Position?.ObjectUri == uri, () => $"{error.Id} does not name the object");
        FuzzFailure.Unless(!string.IsNullOrWhiteSpace(error.Hint), () => $"{error.Id} has no hint");
        FuzzFailure.Unless(error.Message.Contains(uri, StringComparison.Ordinal), () => $"{error.Id} does not say which object: {error.Message}");
    }

    public static string Describe(FeedException? error) => error is null ? "no error" : $"{error.Id} at line {error.Position?.Line}, byte {error.Position?.ByteOffset}: {error.Message}";
}
