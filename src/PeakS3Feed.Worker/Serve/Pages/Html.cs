using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>Writes HTML. Own markup is written as it is; text from files, keys and services is encoded.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    /// <summary>Adds own markup, unencoded.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Adds text, encoded.</summary>
    public Html Text(string? text)
    {
        _text.Append(Encode(text));
        return this;
    }

    /// <summary>Adds an element with text.</summary>
    public Html Element(string name, string? text, string attributes = "")
        => Raw($"<{name}{(attributes.Length > 0 ? " " : "")}{attributes}>").Text(text).Raw($"</{name}>");

    /// <summary>Encodes text for an element or a double-quoted attribute.</summary>
    public static string Encode(string? text) => Encoder.Encode(VisibleText.Escape(text ?? ""));

    public override string ToString() => _text.ToString();
}
