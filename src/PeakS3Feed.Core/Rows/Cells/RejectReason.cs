using System.Globalization;
using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Cells;

/// <summary>The reasons why a value cannot be loaded.</summary>
internal static class RejectReason
{
    private const int MaxCharacters = 80;

    /// <summary>Returns, for example, <c>"abc" is not a bigint</c>.</summary>
    public static string NotOfType(ReadOnlySpan<byte> utf8, FieldKind kind, string typeName, bool showsValue)
    {
        var written = kind switch
        {
            FieldKind.JsonString => "the JSON string ",
            FieldKind.JsonNumber => "the JSON number ",
            FieldKind.JsonBoolean => "the JSON value ",
            FieldKind.JsonNested => "the nested JSON value ",
            _ => "",
        };
        var article = typeName.StartsWith('j') ? "" : "a ";
        var isToken = kind is FieldKind.JsonNumber or FieldKind.JsonBoolean or FieldKind.JsonNested;
        return showsValue
            ? $"{written}{Shown(utf8, isToken ? "" : "\"")} is not {article}{typeName}"
            : $"{(written.Length == 0 ? "the value" : written.TrimEnd())} is not {article}{typeName}";
    }

    /// <summary>Returns the reason why the destination refuses a text, or null.</summary>
    public static string? ForText(ReadOnlySpan<byte> utf8, ValueLimits limits, bool showsValue)
    {
        if (utf8.Length > (limits.MaxTextBytes ?? int.MaxValue))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the text has {utf8.Length} bytes, more than the {limits.MaxTextBytes} that the destination can store");
        }

        return !limits.AllowNul && utf8.Contains((byte)0)
            ? $"{(showsValue ? Shown(utf8, "\"") : "the text")} contains the character U+0000, which the destination cannot store"
            : null;
    }

    // At most 80 characters, with escapes for characters that affect a terminal.
    private static string Shown(ReadOnlySpan<byte> utf8, string quote)
    {
        var text = new StringBuilder(MaxCharacters + 8).Append(quote);
        var shown = 0;
        while (!utf8.IsEmpty && shown++ < MaxCharacters)
        {
            _ = Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            utf8 = utf8[length..];
            if (Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                text.Append(rune.ToString());
        }

        return text.Append(utf8.IsEmpty ? "" : "…").Append(quote).ToString();
    }
}
