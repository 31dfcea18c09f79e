using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Formats.Opening;

/// <summary>How the files of a feed are read.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Csv">The dialect, for CSV; other types ignore it.</param>
/// <param name="Encoding">Their encoding.</param>
public sealed record FileFormat(FileType Type, CsvOptions Csv, FileEncoding Encoding = FileEncoding.Utf8);
