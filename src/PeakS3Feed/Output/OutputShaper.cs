using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>
/// Prepares objects for the pipeline. Lists become arrays whose text is their items, so that Export-Csv writes the items and not the name of a type.
/// An object that a script prints after one of another type, for which PowerShell uses no view, shows its main properties.
/// </summary>
internal sealed class OutputShaper
{
    private static readonly MethodInfo ItemsText = typeof(OutputShaper).GetMethod(nameof(Join), BindingFlags.Static | BindingFlags.Public)!;

    private readonly Dictionary<Type, PropertyInfo[]> _properties = [];

    /// <summary>Returns the object; one of ours is wrapped. If it has lists, its properties appear in the order of its definition.</summary>
    public object Prepare(object value)
    {
        var inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (!IsOurs(inner.GetType()))
            return value;
        var shown = value as PSObject ?? new PSObject(inner);
        foreach (var property in Properties(inner.GetType()))
            shown.Properties.Add(new PSNoteProperty(property.Name, Shape(property.GetValue(inner))));
        if (MainProperties.Of(inner) is { } names && shown.Members["PSStandardMembers"] is null)
            shown.Members.Add(new PSMemberSet("PSStandardMembers", [new PSPropertySet("DefaultDisplayPropertySet", names)]));
        return shown;
    }

    /// <summary>The items of a list in one line, for Export-Csv and for text with the object in it.</summary>
    public static string Join(PSObject list)
    {
        var items = ((IEnumerable)list.BaseObject).Cast<object?>().Select(Text).ToList();
        return string.Join(items.Exists(i => i.Contains(", ", StringComparison.Ordinal)) ? "; " : ", ", items);
    }

    private static object? Shape(object? value)
        => value is IEnumerable list and not string && IsList(value.GetType()) ? ToArray(list) : value;

    private static PSObject ToArray(IEnumerable list)
    {
        var items = list.Cast<object?>().ToArray();
        var array = Array.CreateInstance(ItemType(list.GetType()), items.Length);
        items.CopyTo(array, 0);
        var shown = new PSObject(array);
        shown.Methods.Add(new PSCodeMethod("ToString", ItemsText));
        return shown;
    }

    private static string Text(object? item) => item switch
    {
        S3FeedSchemaColumn column => $"{column.Name} {column.Type}",
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        _ => LanguagePrimitives.ConvertTo<string>(item),
    };

    // Those of a type with lists. The base comes first: it has the name.
    private PropertyInfo[] Properties(Type type)
    {
        if (_properties.TryGetValue(type, out var known))
            return known;
        var all = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        return _properties[type] = all.Any(p => IsList(p.PropertyType)) ? [.. all.OrderBy(p => Depth(p.DeclaringType))] : [];
    }

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith(nameof(PeakS3Feed), StringComparison.Ordinal) ?? false;

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    private static bool IsList(Type type) => type.IsArray || Interfaces(type).Any(i => i.GetGenericTypeDefinition() == typeof(IReadOnlyList<>));

    private static Type ItemType(Type type)
        => Interfaces(type).First(i => i.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)).GenericTypeArguments[0];

    private static IEnumerable<Type> Interfaces(Type type) => type.GetInterfaces().Append(type).Where(i => i.IsInterface && i.IsGenericType);
}
