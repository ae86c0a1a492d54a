"""Texts that want to break a renderer: pieces of Markdown, HTML, XML and LaTeX in any order."""

from hypothesis import strategies as st

_PIECES = r"""
a
0
b c
<
>
&
"
'
`
*
_
[
]
(
)
!
$
$$
\
|
~~
{{c1::
}}
::
#
>
-
1.
---
<b>
</b>
<b
<B onclick=x>
<img src=a.png>
<img src="a b.png" onerror=x>
![a](b.png)
![a](<b c.mp3>)
[l](http://x)
[l](javascript:x)
[x]: y
<script>
</script>
<style>
<!--
-->
<![CDATA[
]]>
<?
?>
<!DOCTYPE html>
&amp;
&lt;
&#x3c;
&nbsp;
&copy
&#0;
&#xD800;
&#xE000;
&#xE001;
%EE%80%80
<svg>
<math>
<p>
</p>
<table>
<td>
<br>
<br/>
<a href="javascript:x">
<div style="color:red;background:url(x)">
</div>
<video src=v.mp4 poster=p.png>
<x-y>
List<int>
<a:b>
<a b=c d="e>
xmlns="x"
/>
<ruby>
<title>
<textarea>
<plaintext>
<http://a.b>
x^2
\frac12
\left(
```
```py
|a|b|
|-|-|
😀
אב
漢字
""".strip("\n").split("\n")
_CONTROL = "\n\t\r\0\x0b\x1f\x7f\x85\u2028\xa0\ue000\ue001\ufffe\uffff"
_PIECES += [*_CONTROL, "\n\n", "  \n", "    ", " "]

hostile_texts = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=16).map("".join)
