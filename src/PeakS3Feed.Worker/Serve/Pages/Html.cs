using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>Writes HTML: what is ours as it is, and what comes from files, keys and services encoded.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    /// <summary>Adds markup of ours.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Adds text, which is nothing but text whatever stands in it.</summary>
    public Html Text(string? text)
    {
        _text.Append(Encode(text));
        return this;
    }

    /// <summary>Adds an element with text in it.</summary>
    public Html Element(string name, string? text, string attributes = "")
        => Raw($"<{name}{(attributes.Length > 0 ? " " : "")}{attributes}>").Text(text).Raw($"</{name}>");

    /// <summary>Text as it may stand in an attribute between double quotes, too.</summary>
    public static string Encode(string? text) => Encoder.Encode(VisibleText.Escape(text ?? ""));

    public override string ToString() => _text.ToString();
}
