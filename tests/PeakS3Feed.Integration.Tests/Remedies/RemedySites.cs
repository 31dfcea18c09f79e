using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>
/// Finds every place that makes a suggested command in the programs as they were compiled: calls of the factories of Remedy and FeedSetting, and their
/// constructors. The texts that are passed are among those that the code loads since the member of an error that it set before.
/// </summary>
internal static class RemedySites
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value & 0xffff, o => o.OperandType);

    /// <summary>The sites of an assembly.</summary>
    public static IReadOnlyList<RemedySite> Find(string file)
    {
        using var program = new PEReader(File.OpenRead(file));
        var metadata = program.GetMetadataReader();
        var sites = new List<RemedySite>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var name = Name(metadata, method);
            if (name.Split('.')[0] is not ("Remedy" or "FeedSetting" or "FeedException" or "FeedWarning" or "RemedyLines"))
                sites.AddRange(Sites(metadata, name, program.GetMethodBody(method.RelativeVirtualAddress)));
        }
        return [.. sites.Distinct()];
    }

    private static IEnumerable<RemedySite> Sites(MetadataReader metadata, string name, MethodBodyBlock body)
    {
        var code = body.GetILContent();
        var literals = new List<string>();
        for (var i = 0; i < code.Length;)
        {
            int value = code[i++];
            if (value == 0xfe)
                value = 0xfe00 | code[i++];
            var operand = Operands[value];
            if (operand == OperandType.InlineString)
                literals.Add(metadata.GetUserString((UserStringHandle)MetadataTokens.Handle(Token(code, i))).Trim(' ', '"', '\''));
            else if (operand == OperandType.InlineMethod)
            {
                var (type, called) = Called(metadata, MetadataTokens.EntityHandle(Token(code, i)));
                var factory = Factory(type, called);
                if (factory is not null)
                    yield return new(name, factory, Literals(factory, literals));
                if (factory is not null || type is "FeedException" or "FeedWarning" || called.StartsWith("set_", StringComparison.Ordinal))
                    literals.Clear();
            }
            i += Length(operand, code, i);
        }
    }

    private static string? Factory(string type, string called) => (type, called) switch
    {
        ("Remedy" or "FeedSetting", ".ctor") => type,
        ("Remedy", _) when !called.StartsWith("get_", StringComparison.Ordinal) && !called.StartsWith("op_", StringComparison.Ordinal) && char.IsLetter(called[0])
            && called is not ("Equals" or "GetHashCode" or "ToString" or "OnStore") => called,
        ("FeedSetting", _) when called.StartsWith("get_", StringComparison.Ordinal) && called is not ("get_Setting" or "get_Value" or "get_Key" or "get_EqualityContract") => called["get_".Length..],
        _ => null,
    };

    // Settings and values are single words. Whole commands are more than that, and what is a word beside them chooses between them.
    private static string Literals(string factory, List<string> literals) => string.Join(' ', factory switch
    {
        "SetFeed" or "SetConnection" or "FeedSetting" => literals.Where(l => l.Length is > 0 and < 40 && !l.Contains(' ', StringComparison.Ordinal) && (char.IsLetterOrDigit(l[0]) || l[0] == '<')).Distinct(StringComparer.Ordinal),
        "Remedy" or "Verbatim" => literals.Where(IsOfCommand),
        _ => [],
    });

    private static (string Type, string Name) Called(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Called(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return (metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name), metadata.GetString(method.Name));
            default:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                var type = member.Parent.Kind switch
                {
                    HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name),
                    HandleKind.TypeDefinition => metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)member.Parent).Name),
                    _ => "",
                };
                return (type, metadata.GetString(member.Name));
        }
    }

    // The method as it is written: the compiler moves lambdas, iterators and asynchronous methods into types of its own, with the written name in angle brackets.
    private static string Name(MetadataReader metadata, MethodDefinition method)
    {
        var name = metadata.GetString(method.Name);
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        while (metadata.GetString(type.Name) is ['<', ..] made && !type.GetDeclaringType().IsNil)
        {
            if (name[0] != '<' && made.IndexOf('>', StringComparison.Ordinal) > 1)
                name = made;
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }
        if (name[0] == '<')
            name = name[1..name.IndexOf('>', StringComparison.Ordinal)];
        return $"{metadata.GetString(type.Name)}.{name}";
    }

    // A cmdlet, a parameter, or a program: they begin so. Sentences that stand before them do not.
    private static bool IsOfCommand(string text)
        => text.Any(char.IsLetter) && !text.All(char.IsLetter) && text[^1] != ':' && (text[0] == '-' || char.IsLower(text[0]) || text.Split(' ')[0].Contains('-', StringComparison.Ordinal));

    private static int Token(System.Collections.Immutable.ImmutableArray<byte> code, int at) => BitConverter.ToInt32(code.AsSpan()[at..]);

    private static int Length(OperandType operand, System.Collections.Immutable.ImmutableArray<byte> code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * Token(code, at)),
        _ => 4,
    };
}
